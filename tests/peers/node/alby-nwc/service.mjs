// Alby's NWCWalletService, paying from an Electrum wallet. One argument, JSON: {relay, secret, client} or
// {secret, wish} (a nostr+walletauth:// link, which it answers), and {rpc: {url, user, password}}.
// Prints {"wallet": KEY, "relay": URL} as a line when it listens.
import WebSocket from "ws";

globalThis.WebSocket = WebSocket; // before the library looks for it
const { NWAClient, NWCWalletService, NWCWalletServiceKeyPair } = await import("@getalby/sdk/nwc");
const asked = JSON.parse(process.argv[2]);
const METHODS = ["get_info", "get_balance", "pay_invoice", "lookup_invoice", "list_transactions"];
const IN_FLIGHT = 4, FAILED = 5, EXPIRED = 1, UNPAID = 0;

async function electrum(method, params = {}) {
  const login = Buffer.from(`${asked.rpc.user}:${asked.rpc.password}`).toString("base64");
  const answer = await fetch(asked.rpc.url, {
    method: "POST",
    headers: { Authorization: `Basic ${login}`, "Content-Type": "application/json" },
    body: JSON.stringify({ id: 1, jsonrpc: "2.0", method, params }),
  });
  const told = await answer.json();
  if (told.error) throw new Error(told.error.message);
  return told.result;
}

const failure = (code, message) => ({ result: undefined, error: { code, message } });
const success = (result) => ({ result, error: undefined });

async function transactions() {
  const history = await electrum("lightning_history");
  return history
    .filter((item) => item.type === "payment" && item.amount_msat < 0)
    .map((item) => ({
      type: "outgoing",
      state: "settled",
      payment_hash: item.payment_hash,
      preimage: item.preimage,
      amount: -item.amount_msat - (item.fee_msat ?? 0),
      fees_paid: item.fee_msat ?? 0,
      created_at: item.timestamp,
      settled_at: item.timestamp,
    }));
}

const handler = {
  async getInfo() {
    const info = await electrum("getinfo");
    return success({
      alias: "Alice of Electrum", color: "#ffffff", pubkey: (await electrum("nodeid")).split("@")[0],
      network: "regtest", block_height: info.blockchain_height, block_hash: "", methods: METHODS,
    });
  },
  async getBalance() {
    const { lightning = "0" } = await electrum("getbalance");
    return success({ balance: Math.round(Number(lightning) * 1e11) });
  },
  async payInvoice({ invoice }) {
    const decoded = await electrum("decode_invoice", { invoice }).catch(() => undefined);
    if (!decoded) return failure("BAD_REQUEST", "failed to decode bolt11 invoice");
    const balance = (await handler.getBalance()).result.balance;
    if (decoded.amount_msat > balance) return failure("INSUFFICIENT_BALANCE", "insufficient balance to make payment");
    try {
      const paid = await electrum("lnpay", { invoice });
      if (!paid.success) return failure("PAYMENT_FAILED", "no route worked");
      const known = (await transactions()).find((one) => one.payment_hash === paid.payment_hash);
      return success({ preimage: paid.preimage, fees_paid: known?.fees_paid ?? 0 });
    } catch (error) {
      return failure("INTERNAL", error.message);
    }
  },
  async lookupInvoice({ payment_hash }) {
    const known = (await transactions()).find((one) => one.payment_hash === payment_hash);
    if (known) return success(known);
    const given = await electrum("get_invoice", { invoice_id: payment_hash }).catch(() => undefined);
    if (!given) return failure("NOT_FOUND", "The transaction was not found");
    const told = { type: "outgoing", payment_hash, created_at: given.timestamp, fees_paid: 0 };
    const state = { [IN_FLIGHT]: "pending", [UNPAID]: "pending", [FAILED]: "failed", [EXPIRED]: "expired" };
    return success({ ...told, invoice: given.lightning_invoice, amount: given.amount_msat, state: state[given.status] });
  },
  async listTransactions({ limit = 20, offset = 0 }) {
    const all = (await transactions()).reverse();
    return success({ transactions: all.slice(offset, offset + limit), total_count: all.length });
  },
};

const wish = asked.wish ? NWAClient.parseWalletAuthUrl(asked.wish) : undefined;
const relay = wish ? wish.relayUrls[0] : asked.relay;
const service = new NWCWalletService({ relayUrl: relay });
const pair = new NWCWalletServiceKeyPair(asked.secret, wish ? wish.appPubkey : asked.client);
await service.publishWalletServiceInfoEvent(asked.secret, METHODS, ["payment_sent"]);
await service.subscribe(pair, handler);
if (wish) {
  const event = {
    kind: 13194,
    created_at: Math.floor(Date.now() / 1000) + 1, // newer than the one above, which it replaces
    tags: [["encryption", "nip44_v2 nip04"], ["p", wish.appPubkey]],
    content: wish.requestMethods.filter((method) => METHODS.includes(method)).join(" "),
  };
  await service.relay.publish(await service.signEvent(event, asked.secret));
}
console.log(JSON.stringify({ wallet: pair.walletPubkey, relay, wish }));
