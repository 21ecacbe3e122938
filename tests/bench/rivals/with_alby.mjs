// Driver: Alby's fetch402 (npm @getalby/lightning-tools), with a wallet that asks the paying node.
import https from 'node:https';
import fs from 'node:fs';
import readline from 'node:readline';
import { createRequire } from 'node:module';
import path from 'node:path';

const { fetch402 } = createRequire(path.join(process.cwd(), 'x.js'))('@getalby/lightning-tools');
const node = JSON.parse(process.env.L402DESK_BENCH_NODE);
const ca = fs.readFileSync(node.cert);

function pay(invoice) {
  const body = JSON.stringify({
    payment_request: invoice, fee_limit_msat: '100000', timeout_seconds: 60, no_inflight_updates: true,
  });
  const options = { method: 'POST', ca, agent: false, headers: { 'Grpc-Metadata-macaroon': node.macaroon } };
  return new Promise((resolve, reject) => {
    const request = https.request(node.url + '/v2/router/send', options, (answer) => {
      let text = '';
      answer.on('data', (piece) => { text += piece; });
      answer.on('end', () => {
        const told = JSON.parse(text.trim().split('\n').pop()).result;
        if (told?.status === 'SUCCEEDED') resolve({ preimage: told.payment_preimage });
        else reject(new Error(told?.failure_reason ?? text));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function newClient(url) {
  let credentials;
  return async () => {
    const answer = await fetch402(url, {}, { wallet: { payInvoice: ({ invoice }) => pay(invoice) }, credentials });
    await answer.arrayBuffer();
    credentials = answer.payment?.credentials ?? credentials;
    return answer.status;
  };
}

console.log(JSON.stringify({ ready: true }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  const statuses = [], times = [];
  let error;
  try {
    const ask = newClient(order.url);
    for (let i = 0; i <= order.reuses; i += 1) {
      const began = performance.now();
      statuses.push(await ask());
      times.push(performance.now() - began);
    }
  } catch (thrown) {
    error = String(thrown).slice(0, 200);
  }
  console.log(JSON.stringify({ statuses, times_ms: times, error }));
}
