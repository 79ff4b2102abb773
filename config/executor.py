"""Migrations applied without making every model anew for each constraint, index and trigger.

Django keeps the models of a migration's state as classes, and after each operation makes those again that are related
to the one that changed: with keys to users from everywhere, nearly all. Whether a table has one constraint more is
seen by no other class, so only the model's own options are noted. The first start of a town and each set-up of the
tests take less than half the time.
"""

from django.db.migrations import executor
from django.db.migrations.state import ModelState, ProjectState

OWN = ("constraints", "indexes", "triggers")  # options that concern nobody but the model


class State(ProjectState):
    def __init__(self, *args, **kwargs):
        self.made = {}  # of each model what its class was made from
        super().__init__(*args, **kwargs)

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        key = app_label, model_name.lower()
        before, self.made[key] = self.made.get(key), _beside_own(self.models[key])
        if "apps" in self.__dict__ and before == self.made[key]:
            self._note_own(self.models[key])
        else:
            super().reload_model(app_label, model_name, delay)

    def clone(self) -> "State":
        copy = State.__new__(State)
        copy.__dict__.update(super().clone().__dict__, made=dict(self.made))
        return copy

    def _note_own(self, model: ModelState) -> None:
        meta = self.apps.get_model(model.app_label, model.name)._meta
        for option in OWN:
            setattr(meta, option, list(model.options.get(option, [])))


def _beside_own(model: ModelState) -> tuple:
    return dict(model.fields), {name: value for name, value in model.options.items() if name not in OWN}, model.bases


class MigrationExecutor(executor.MigrationExecutor):
    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        made = super()._create_project_state(with_applied_migrations)
        state = State(made.models, made.real_apps)
        state.made = {key: _beside_own(model) for key, model in made.models.items()}
        return state
