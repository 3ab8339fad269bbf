"""Writes the image's bill of materials as SPDX 2.3: sbom.py VERSION FOLDER USED

USED has a line "PACKAGE FILE" for each file from a Debian package; the files are in FOLDER. The output
is reproducible if SOURCE_DATE_EPOCH is set.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
import uuid

FIELDS = "${Version}\n${Architecture}\n${source:Package}\n${source:Version}\n"


def release():
    """The distribution and release of the packages: ("debian", "trixie")."""
    with open("/etc/os-release", encoding="utf-8") as file:
        values = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    return values["ID"].strip('"'), values["VERSION_CODENAME"].strip('"')


def checksums(path):
    with open(path, "rb") as file:
        content = file.read()
    return [
        {"algorithm": name.upper(), "checksumValue": hashlib.new(name, content).hexdigest()}
        for name in ("sha1", "sha256")
    ]


def identifier(kind, name):
    return f"SPDXRef-{kind}-{re.sub('[^A-Za-z0-9.-]', '-', name)}"


def file_entry(root, path):
    return {
        "SPDXID": identifier("File", path.lstrip("/")),
        "fileName": "." + path,
        "checksums": checksums(root + path),
        "licenseConcluded": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    }


def debian_package(name, distribution, codename):
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", FIELDS, name], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    version, architecture, source, source_version = shown[:4]
    plain = name.split(":")[0]
    return {
        "SPDXID": identifier("Package", plain),
        "name": plain,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "sourceInfo": f"built from the source package {source} {source_version}",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "licenseComments": f"See /usr/share/doc/{plain}/copyright in the image.",
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": f"pkg:deb/{distribution}/{plain}@{version}"
                f"?arch={architecture}&distro={codename}",
            }
        ],
    }


def reference_package():
    """Swagger UI, which is embedded in the program."""
    name = "swagger-ui-dist"
    with open("pages/reference/package-lock.json", encoding="utf-8") as file:
        locked = json.load(file)["packages"][f"node_modules/{name}"]
    return {
        "SPDXID": identifier("Package", name),
        "name": name,
        "versionInfo": locked["version"],
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": locked["license"],
        "licenseComments": "The program serves it at /docs/swagger-ui-licence.txt.",
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": f"pkg:npm/{name}@{locked['version']}",
            }
        ],
    }


def related(subject, kind, other):
    return {"spdxElementId": subject, "relationshipType": kind, "relatedSpdxElement": other}


def main():
    version, root, used = sys.argv[1:]
    distribution, codename = release()
    with open(used, encoding="utf-8") as file:
        pairs = sorted(set(tuple(line.split()) for line in file))

    own = {
        "SPDXID": identifier("Package", "cybertreaty"),
        "name": "cybertreaty",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "Apache-2.0",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "APPLICATION",
    }
    program = file_entry(root, "/usr/bin/cybertreaty")
    packages, files = [own], [program]
    relations = [
        related("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"]),
        related(own["SPDXID"], "CONTAINS", program["SPDXID"]),
    ]
    reference = reference_package()
    packages.append(reference)
    relations.append(related(own["SPDXID"], "CONTAINS", reference["SPDXID"]))
    for name in sorted(set(name for name, _ in pairs)):
        package = debian_package(name, distribution, codename)
        packages.append(package)
        relations.append(related(own["SPDXID"], "DEPENDS_ON", package["SPDXID"]))
        for path in (path for owner, path in pairs if owner == name):
            entry = file_entry(root, path)
            files.append(entry)
            relations.append(related(package["SPDXID"], "CONTAINS", entry["SPDXID"]))

    moment = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    content = json.dumps([packages, files], sort_keys=True)
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"cybertreaty-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/cybertreaty-{version}-"
        f"{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
            "creators": ["Tool: cybertreaty-docker/sbom.py"],
        },
        "packages": packages,
        "files": files,
        "relationships": relations,
    }
    json.dump(document, sys.stdout, indent=1)
    print()


main()
