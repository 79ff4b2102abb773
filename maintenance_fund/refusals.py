"""What the ledger's rules say to a person, by the name of the rule; those raised by triggers bring their own words."""

from functools import cache

from django.apps import apps

BY_NAME = {
    "proposal_has_fund": "这个小区还没建维修资金账，先建账再记账。",
    "maintenance_fund_fund_community_id_key": "这个小区已经建过账。",
    "line_dimension_fits": "有一行的科目和对象对不上：分户科目要写户，项目科目要写项目，银行科目要写专户。",
    "line_unit_here": "有一行的户不是这个小区的。",
    "line_project_here": "有一行的项目不是这个小区的。",
    "line_bank_account_here": "有一行的专户不是这个小区的，或者科目和专户对不上。",
    "line_receipt_amount": "有一行的金额和票据上的不一样。",
    "line_receipt_unit": "有一行的户和票据上的不一样。",
    "total_not_below_zero": "余额不够：这笔账会让一个不能为负的科目变成负数。",
    "receipt_of_series": "没有这个票据号段。",
    "receipt_unit_here": "票据上的户不是这个小区的。",
}


@cache
def sentences() -> dict[str, str]:
    """The sentence of each rule, from the models' constraints and from here."""
    of_models = {
        constraint.name: constraint.violation_error_message
        for model in apps.get_app_config("maintenance_fund").get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
    return of_models | BY_NAME
