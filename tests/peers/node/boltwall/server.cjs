// boltwall on a loopback port: everything below it is sold, and a token is good for a second per satoshi and RATE.
"use strict";
const express = require("express");
const { boltwall, TIME_CAVEAT_CONFIGS } = require("boltwall");

const app = express();
app.use(express.json());
app.use(boltwall({ ...TIME_CAVEAT_CONFIGS, minAmount: Number(process.env.SATS), rate: Number(process.env.RATE) }));
app.get("*", (request, response) => response.json({ thing: request.path }));
const server = app.listen(Number(process.env.PORT), "127.0.0.1", () => console.log(`listening on ${process.env.PORT}`));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
