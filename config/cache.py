"""Django's Redis cache, which lets the embedded Valkey start when nobody supervises it."""

from django.core.cache.backends.redis import RedisCache
from django.utils.functional import cached_property

from . import embedded


class Cache(RedisCache):
    @cached_property
    def _cache(self):
        if any(str(embedded.run_dir()) in server for server in self._servers):
            embedded.start_and_leave()
        return super()._cache
