"""What pyHanko reads of fields, locks, certifications and seed values, and what it makes of them.

Reads tasks from standard input, a JSON array of strings a line, and answers each with a JSON object on a line:

    read ROOTS.pem FILE...     {"files": [...]}, see read()
    fields SPEC.json IN OUT    adds fields; SPEC is a list, see field()
    step NAME KEY CERT IN OUT  "sign FIELD", "certify P", or a step below

A non-empty "error" says why there is nothing else. It lives until the input ends, since starting takes long.
"""
import json
import logging
import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def mdp(spec):
    if spec is None:
        return None
    return {"action": spec.action.value[1:], "fields": [str(f) for f in spec.fields or []]}


def permission(p):
    return 0 if p is None else p.value


def seeds(sv):
    """What pyHanko reads of a seed value dictionary."""
    cert = sv.cert
    return {
        "flags": sv.flags.value,
        "reasons": sv.reasons,
        "timestamp": sv.timestamp_server_url,
        "timestamp_required": bool(sv.timestamp_required),
        "subfilters": None if sv.subfilters is None else [s.value[1:] for s in sv.subfilters],
        "digests": sv.digest_methods,
        "add_rev_info": bool(sv.add_rev_info),
        "certify": None if sv.seed_signature_type is None else permission(sv.seed_signature_type.mdp_perm),
        "version": None if sv.sv_dict_version is None else getattr(sv.sv_dict_version, "value", sv.sv_dict_version),
        "attestations": sv.legal_attestations,
        "lock_document": None if sv.lock_document is None else sv.lock_document.name,
        "appearance": sv.appearance,
        "cert": None if cert is None else {
            "flags": cert.flags.value,
            "subjects": len(cert.subjects or []),
            "issuers": len(cert.issuers or []),
            "key_usage": [k.encode_to_sv_string() for k in cert.key_usage or []],
            "url": cert.info_url,
            "subject": dict(cert.subject_dn.native) if cert.subject_dn else None,
        },
    }


def read(name, roots):
    with open(name, "rb") as f:
        reader = PdfFileReader(f, strict=False)
        out, listed = [], []
        for field_name, value, ref in fields.enumerate_sig_fields(reader):
            d = ref.get_object()
            entry = {"name": field_name, "signed": value is not None}
            if "/Lock" in d:
                entry["lock"] = mdp(fields.FieldMDPSpec.from_pdf_object(d["/Lock"]))
                entry["lock"]["permission"] = int(d["/Lock"].get("/P", 0))
            if "/SV" in d:
                entry["seeds"] = seeds(fields.SigSeedValueSpec.from_pdf_object(d["/SV"]))
            listed.append(entry)
        for sig in reader.embedded_signatures:
            context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
            if sig.sig_object_type == "/DocTimeStamp":
                status = validate_pdf_timestamp(sig, context)
                out.append({"field": sig.field_name, "bottom_line": bool(status.intact and status.valid)})
                continue
            status = validate_pdf_signature(sig, context)
            out.append({
                "field": sig.field_name,
                "docmdp": permission(sig.docmdp_level),
                "fieldmdp": mdp(sig.fieldmdp),
                "seeds_ok": bool(status.seed_value_ok),
                "seeds_error": str(status.seed_value_constraint_error or ""),
                "bottom_line": bool(status.bottom_line),
                "modification": getattr(status.modification_level, "name", None),
            })
        return {"file": name, "fields": listed, "signatures": out}


def field(spec):
    """A field: name, page, box, lock {action, fields, permission}, seeds."""
    lock, sv = spec.get("lock"), spec.get("seeds")
    value = None
    if sv is not None:
        cert = sv.get("cert")
        constraints = None
        if cert is not None:
            constraints = fields.SigCertConstraints(
                flags=fields.SigCertConstraintFlags(cert.get("flags", 0)),
                subjects=list(load_certs_from_pemder(cert["subjects"])) if "subjects" in cert else None,
                issuers=list(load_certs_from_pemder(cert["issuers"])) if "issuers" in cert else None,
                key_usage=[fields.SigCertKeyUsage.read_from_sv_string(k) for k in cert.get("key_usage", [])] or None,
                subject_dn=name_of(cert["subject"]) if "subject" in cert else None,
                info_url=cert.get("url"),
            )
        certify = sv.get("certify")
        value = fields.SigSeedValueSpec(
            flags=fields.SigSeedValFlags(sv.get("flags", 0)),
            reasons=sv.get("reasons"),
            timestamp_server_url=sv.get("timestamp"),
            timestamp_required=sv.get("timestamp_required", False),
            subfilters=[fields.SigSeedSubFilter(pdf_name("/" + s)) for s in sv["subfilters"]] if "subfilters" in sv else None,
            digest_methods=sv.get("digests"),
            add_rev_info=sv.get("add_rev_info"),
            seed_signature_type=None if certify is None else fields.SeedSignatureType(fields.MDPPerm(certify) if certify else None),
            sv_dict_version=sv.get("version"),
            legal_attestations=sv.get("attestations"),
            lock_document=fields.SeedLockDocument[sv["lock_document"]] if "lock_document" in sv else None,
            appearance=sv.get("appearance"),
            cert=constraints,
        )
    return fields.SigFieldSpec(
        sig_field_name=spec["name"],
        on_page=spec.get("page", 1) - 1,
        box=tuple(spec["box"]) if "box" in spec else None,
        seed_value_dict=value,
        field_mdp_spec=None if lock is None else fields.FieldMDPSpec(fields.FieldMDPAction(pdf_name("/" + lock["action"])), lock.get("fields")),
        doc_mdp_update_value=fields.MDPPerm(lock["permission"]) if lock and lock.get("permission") else None,
        combine_annotation=not spec.get("apart", False),
    )


def name_of(attributes):
    from asn1crypto import x509
    return x509.Name.build(attributes)


def fill(writer):
    """Gives the text field party.name another value and the appearance that goes with it."""
    party = writer.root["/AcroForm"]["/Fields"][0]
    text = party["/Kids"][0]
    text[pdf_name("/V")] = pdf_string("filled in by pyHanko")
    box = generic.ArrayObject(generic.FloatObject(v) for v in (0, 0, 200, 20))
    stream = generic.StreamObject({
        pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"), pdf_name("/BBox"): box,
        pdf_name("/Resources"): generic.DictionaryObject(),
    }, stream_data=b"/Tx BMC EMC")
    text[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(stream)})
    writer.update_container(text)


def annotate(writer):
    """Puts a note on the first page."""
    page_ref, _ = writer.find_page_for_modification(0)
    page = page_ref.get_object()
    note = writer.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Text"), pdf_name("/Contents"): pdf_string("a note"),
        pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(v) for v in (400, 400, 420, 420)), pdf_name("/P"): page_ref,
    }))
    try:
        annotations = page["/Annots"]
        annotations.append(note)
        writer.update_container(annotations)
    except KeyError:
        page[pdf_name("/Annots")] = generic.ArrayObject([note])
        writer.update_container(page)


def step(name, key, cert, source, target):
    signer = signers.SimpleSigner.load(key, cert)
    with open(source, "rb") as f:
        writer = IncrementalPdfFileWriter(f, strict=False)
        action, _, argument = name.partition(" ")
        if action in ("sign", "certify"):
            certify = fields.MDPPerm(int(argument)) if action == "certify" else None
            meta = signers.PdfSignatureMetadata(
                field_name="first" if certify else argument, subfilter=fields.SigSeedSubFilter.PADES,
                certify=certify is not None, **({"docmdp_permissions": certify} if certify else {}))
            with open(target, "wb") as out:
                signers.sign_pdf(writer, meta, signer=signer, output=out)
            return
        if name == "field":
            fields.append_signature_field(writer, fields.SigFieldSpec("ByPyHanko", box=(300, 300, 400, 340)))
        else:
            {"fill": fill, "annotate": annotate}[name](writer)
        with open(target, "wb") as out:
            writer.write(out)


def do(command, *arguments):
    if command == "fields":
        with open(arguments[1], "rb") as f:
            writer = IncrementalPdfFileWriter(f, strict=False)
            for spec in json.load(open(arguments[0])):
                fields.append_signature_field(writer, field(spec))
            with open(arguments[2], "wb") as out:
                writer.write(out)
        return {}
    if command == "step":
        step(*arguments)
        return {}
    roots, files = list(load_certs_from_pemder([arguments[0]])), []
    for name in arguments[1:]:
        try:
            files.append(read(name, roots))
        except Exception as e:  # the test reads the reason; nothing is hidden
            files.append({"file": name, "error": "%s: %s" % (type(e).__name__, e)})
    return {"files": files}


def main():
    for line in sys.stdin:
        try:
            answer = do(*json.loads(line))
        except Exception as e:
            answer = {"error": "%s: %s" % (type(e).__name__, e)}
        print(json.dumps(answer), flush=True)


main()
