"""Ask for time stamps, judge them, and make some, with pyHanko (RFC 3161).

ask ROOT DIGEST URL...: asks each server for a stamp over a SHA-256 digest in hex, and
prints a JSON object a line with what pyHanko thinks of it.

answer CERT KEY CHAIN: reads a line of hex, a TimeStampReq, and writes one, the
TimeStampResp, until standard input ends.
"""
import asyncio
import json
import logging
import sys

import aiohttp
from asn1crypto import tsp
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


async def ask(root, digest, urls):
    digest = bytes.fromhex(digest)
    async with aiohttp.ClientSession() as session:
        for url in urls:
            try:
                stamper = HTTPTimeStamper(url, session=session)
                token = await stamper.async_timestamp(digest, "sha256")
                context = ValidationContext(
                    trust_roots=list(load_certs_from_pemder([root])),
                    other_certs=list(stamper.cert_registry),
                    allow_fetching=False,
                )
                status = await validate_tst_signed_data(token["content"], context, lambda _: digest)
                answer = {
                    "intact": status["intact"],
                    "valid": status["valid"],
                    "trusted": status["trust_problem_indic"] is None,
                    "time": status["timestamp"].isoformat(),
                }
            except Exception as e:  # the judge's verdict, whatever it is
                answer = {"error": f"{type(e).__name__}: {e}"}
            print(json.dumps(answer), flush=True)


def answer(cert, key, chain):
    stamper = DummyTimeStamper(
        next(load_certs_from_pemder([cert])),
        load_private_key_from_pemder(key, passphrase=None),
        certs_to_embed=list(load_certs_from_pemder([chain])),
    )
    for line in sys.stdin:
        query = tsp.TimeStampReq.load(bytes.fromhex(line))
        reply = asyncio.run(stamper.async_request_tsa_response(query))
        print(reply.dump().hex(), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        asyncio.run(ask(sys.argv[2], sys.argv[3], sys.argv[4:]))
    else:
        answer(*sys.argv[2:])
