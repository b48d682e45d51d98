"""Judge, sign, raise and stamp PDFs with pyHanko, after EN 319 102-1 and EN 319 142-1.

Reads tasks from standard input and writes an answer for each to standard output, a JSON
object a line, with the fields of Task.java and Answer.java beside it: so one test talks
to both judges. What pyHanko does not tell (its building blocks by name) is left out.
"""
import asyncio
import json
import logging
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import aiohttp
from asn1crypto import crl, ocsp
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.validation.ades import (
    ades_basic_validation,
    ades_lta_validation,
    ades_timestamp_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore, async_add_validation_info
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleCertificateStore, SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

logging.disable(logging.CRITICAL)


@asynccontextmanager
async def fetchers(task):
    """What fetches certificates, CRLs and OCSP responses through the proxy; None offline."""
    if not task.get("proxy"):
        yield None
        return
    async with aiohttp.ClientSession(proxy="http://" + task["proxy"]) as session:
        yield AIOHttpFetcherBackend(session)


def certificates(names):
    return list(load_certs_from_pemder(names or []))


def spec(task, backend):
    """Every certificate below an anchor needs revocation data, or every one that names a place with some."""
    needs = REQUIRE_REVINFO
    if task.get("unlisted"):
        needs = RevocationCheckingPolicy(RevocationCheckingRule.CHECK_IF_DECLARED, RevocationCheckingRule.CHECK_IF_DECLARED)
    rule = RevinfoOnlineFetchingRule.ALWAYS_FETCH if backend else RevinfoOnlineFetchingRule.LOCAL_ONLY
    return SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=certificates(task["anchors"])),
            revinfo_policy=CertRevTrustPolicy(needs, freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION),
            time_tolerance=timedelta(0),
        ),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(rule, fetcher_backend=backend),
        local_knowledge=LocalKnowledge(known_certs=certificates(task.get("extra"))),
    )


def timing(task):
    if not task.get("at"):
        return ValidationTimingInfo.now(tz=timezone.utc)
    at = datetime.fromisoformat(task["at"])
    return ValidationTimingInfo(at, at, point_in_time_validation=True)


def reader_of(f, task):
    reader = PdfFileReader(f, strict=False)  # strict refuses every hybrid file
    if task.get("password"):
        reader.decrypt(task["password"])
    return reader


async def judge(task):
    signatures, timestamps = [], []
    with open(task["file"], "rb") as f:
        reader = reader_of(f, task)
        for sig in reader.embedded_signatures:
            if sig.sig_object_type == "/DocTimeStamp":
                timestamps.append(await judge_timestamp(sig, task))
            else:
                signatures.append(await judge_signature(sig, task))
    return {"signatures": signatures, "timestamps": timestamps}


async def judge_signature(sig, task):
    offline = await validate(sig, task, None)
    result = offline
    if task.get("proxy"):
        async with fetchers(task) as backend:
            result = await validate(sig, task, backend)
    sig.compute_integrity_info()
    status = result.api_status
    return {
        "fields": [sig.field_name],
        "level": await level(sig, task, offline, result),
        **indication(result),
        "intact": bool(status and status.intact and status.valid),
        "coverage": sig.coverage.name,
        "modification": getattr(getattr(sig.diff_result, "modification_level", None), "name", "OTHER"),
        "bestTime": text(getattr(result, "best_signature_time", None)),
    }


def stamps_behind(sig):
    return [s for s in sig.reader.embedded_timestamp_signatures if s.signed_revision > sig.signed_revision]


async def validate(sig, task, backend):
    """Runs the process of EN 319 102-1 that fits what the file holds: 5.6.3 where a
    document time stamp lies behind the signature, 5.5 where the signature is stamped,
    else 5.3. pyHanko does without an attached time stamp in none but the last."""
    validation_spec, when = spec(task, backend), timing(task)
    if is_stamped(sig) and stamps_behind(sig):
        return await ades_lta_validation(sig, PdfSignatureValidationSpec(validation_spec), timing_info=when)
    process = ades_with_time_validation if is_stamped(sig) else ades_basic_validation
    return await process(
        sig.signed_data, with_store(validation_spec, sig.reader), timing_info=when, raw_digest=sig.compute_digest()
    )


def is_stamped(sig):
    """Whether a signature time stamp is attached."""
    return any(True for _ in extract_tst_data_iter(sig.signer_info, signed=False))


def with_store(validation_spec, reader):
    """What the DSS of the file holds is known as well."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return validation_spec
    knowledge = replace(
        validation_spec.local_knowledge,
        known_certs=validation_spec.local_knowledge.known_certs + list(store.load_certs()),
        known_ocsps=[
            container
            for stream in store.ocsps
            for container in OCSPContainer.load_multi(ocsp.OCSPResponse.load(stream.get_object().data))
        ],
        known_crls=[CRLContainer(crl.CertificateList.load(stream.get_object().data)) for stream in store.crls],
    )
    return replace(validation_spec, local_knowledge=knowledge)


async def level(sig, task, offline, result):
    """The level that the results bear out; pyHanko itself names none.

    B-T: a time stamp holds. B-LT: nothing is missing offline. B-LTA: a document time
    stamp behind the signature holds as well.
    """
    if sig.sig_object["/SubFilter"] != "/ETSI.CAdES.detached":
        return "PKCS7"
    behind = [await validate_timestamp(s, task) for s in stamps_behind(sig)]
    archived = any(r.ades_subindic == AdESPassed.OK for r in behind)
    if not archived and not (is_stamped(sig) and result.ades_subindic == AdESPassed.OK):
        return "PAdES-BASELINE-B"
    if offline.ades_subindic != AdESPassed.OK:
        return "PAdES-BASELINE-T"
    return "PAdES-BASELINE-LTA" if archived else "PAdES-BASELINE-LT"


async def validate_timestamp(sig, task):
    async with fetchers(task) as backend:
        return await ades_timestamp_validation(
            tst_signed_data=sig.signed_data,
            validation_spec=with_store(spec(task, backend), sig.reader),
            timing_info=timing(task),
            expected_tst_imprint=lambda _: sig.compute_digest(),
        )


async def judge_timestamp(sig, task):
    result = await validate_timestamp(sig, task)
    return {
        "kind": "DOCUMENT_TIMESTAMP",
        "time": text(getattr(result.api_status, "timestamp", None)),
        **indication(result),
    }


def indication(result):
    sub = result.ades_subindic
    return {
        "indication": sub.status.name,
        "subIndication": None if sub == AdESPassed.OK else sub.name,
        # pyHanko says of what has passed that its past validation could not improve it
        "errors": [result.failure_msg] if result.failure_msg and sub != AdESPassed.OK else [],
    }


def text(value):
    return None if value is None else str(value)


def context(task, backend):
    """What signing and raising find paths and revocation data with."""
    return ValidationContext(
        trust_roots=certificates(task["anchors"]),
        other_certs=certificates(task.get("extra")),
        allow_fetching=backend is not None,
        fetcher_backend=backend,
        revocation_mode="require",
    )


def writer_of(f, task):
    writer = IncrementalPdfFileWriter(f, strict=False)
    if task.get("password"):
        writer.encrypt(task["password"])
    return writer


def signer_of(task):
    chain = certificates([task["chain"]])
    return signers.SimpleSigner(
        signing_cert=chain[0],
        signing_key=load_private_key_from_pemder(task["key"], None),
        cert_registry=SimpleCertificateStore.from_certs(chain),
        prefer_pss=bool(task.get("pss")),
    )


async def sign(task):
    wanted = task["level"]
    async with fetchers(task) as backend:
        meta = signers.PdfSignatureMetadata(
            field_name="Theirs",
            md_algorithm=(task.get("digest") or "SHA256").lower(),
            subfilter=fields.SigSeedSubFilter.PADES,
            validation_context=context(task, backend) if wanted in ("B-LT", "B-LTA") else None,
            embed_validation_info=wanted in ("B-LT", "B-LTA"),
            use_pades_lta=wanted == "B-LTA",
        )
        stamper = HTTPTimeStamper(task["tsa"]) if wanted != "B-B" else None
        with open(task["file"], "rb") as f, open(task["out"], "w+b") as out:
            await signers.PdfSigner(meta, signer=signer_of(task), timestamper=stamper).async_sign_pdf(
                writer_of(f, task), output=out
            )
    return {}


async def extend(task):
    """Adds what B-LT wants for each signature, and for B-LTA a document time stamp; where
    there is one already, the chain of document time stamps goes on."""
    copy(task)
    async with fetchers(task) as backend:
        with open(task["out"], "r+b") as f:
            reader = reader_of(f, task)
            names = [s.field_name for s in reader.embedded_regular_signatures]
            archived = bool(reader.embedded_timestamp_signatures)
            for name in names:
                sig = next(s for s in reader_of(f, task).embedded_signatures if s.field_name == name)
                await async_add_validation_info(sig, context(task, backend), in_place=True, add_vri_entry=False)
            if archived and task["level"] == "B-LTA":
                await signers.PdfTimeStamper(HTTPTimeStamper(task["tsa"])).async_update_archival_timestamp_chain(
                    reader_of(f, task), context(task, backend), in_place=True
                )
        if task["level"] == "B-LTA" and not archived:
            await stamp(task["out"], task, context(task, backend))
    return {}


def copy(task):
    with open(task["file"], "rb") as f, open(task["out"], "wb") as out:
        out.write(f.read())


async def timestamp(task):
    copy(task)
    await stamp(task["out"], task, None)
    return {}


async def stamp(name, task, validation_context):
    with open(name, "r+b") as f:
        await signers.PdfTimeStamper(HTTPTimeStamper(task["tsa"])).async_timestamp_pdf(
            writer_of(f, task), "sha256", validation_context=validation_context, in_place=True
        )


def main():
    commands = {"judge": judge, "sign": sign, "extend": extend, "timestamp": timestamp}
    for line in sys.stdin:
        task = json.loads(line)
        try:
            answer = asyncio.run(commands[task["command"]](task))
        except Exception as e:  # the test reads the reason; nothing is hidden
            answer = {"error": "%s: %s" % (type(e).__name__, e)}
        print(json.dumps({"file": task["file"], **answer}), flush=True)


main()
