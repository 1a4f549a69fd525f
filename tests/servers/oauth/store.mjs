// Keeps what oidc-provider makes, for the life of the process.

const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

// `mayReuse(model)`: whether using one of this kind leaves it as good as it was.
export function storeFor(mayReuse) {
  const kept = new Map();
  const keyOf = (model, id) => `${model}:${id}`;

  class Store {
    constructor(model) {
      this.model = model;
    }

    async upsert(id, payload) {
      kept.set(keyOf(this.model, id), payload);
    }

    async find(id) {
      return kept.get(keyOf(this.model, id));
    }

    async findByUid(uid) {
      return [...kept.values()].find((payload) => payload.uid === uid);
    }

    async findByUserCode() {
      return undefined;
    }

    async consume(id) {
      if (!mayReuse(this.model)) {
        kept.get(keyOf(this.model, id)).consumed = Math.floor(Date.now() / 1000);
      }
    }

    async destroy(id) {
      kept.delete(keyOf(this.model, id));
    }

    async revokeByGrantId(grantId) {
      for (const [key, payload] of kept) {
        if (GRANTABLE.has(key.split(':')[0]) && payload.grantId === grantId) kept.delete(key);
      }
    }
  }

  // All that this account has allowed, as if it were removed on the provider's own page.
  Store.forget = (accountId) => {
    for (const [key, payload] of kept) {
      if (payload.accountId === accountId && !key.startsWith('Session:')) kept.delete(key);
    }
  };
  return Store;
}
