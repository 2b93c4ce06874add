"""What OpenEdge answers in its three formats, and its faults; written by hand, apart from the code that reads them."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.erp.prima.wsdls import Format

HTML = b"<html><body>Maintenance</body></html>"


def enveloped(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<E:Envelope xmlns:E="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<E:Body>{body}</E:Body></E:Envelope>"
    ).encode()


def replied(text: str, style: Format = "rpc-literal", *, part: str = "pcAnswered") -> bytes:
    inner = escape(text)
    match style:
        case "rpc-literal":
            body = f'<n:wsomhandlerResponse xmlns:n="urn:omlink"><{part}>{inner}</{part}></n:wsomhandlerResponse>'
        case "rpc-encoded":
            body = (
                '<n:wsomhandlerResponse xmlns:n="urn:omlink" '
                'E:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">'
                f'<{part} xsi:type="xsd:string">{inner}</{part}></n:wsomhandlerResponse>'
            )
        case "doc-literal":
            body = (
                '<wsomhandlerResponse xmlns="urn:omlink"><result xsi:nil="true"/>'
                f"<{part}>{inner}</{part}></wsomhandlerResponse>"
            )
    return enveloped(body)


def fault(message: str, request_id: str = "a1b2:c3", *, namespace: str = "urn:soap-fault:details") -> bytes:
    return enveloped(
        "<E:Fault><faultcode>E:Server</faultcode><faultstring>An error was detected</faultstring><detail>"
        f'<d:FaultDetail xmlns:d="{namespace}"><d:errorMessage>{escape(message)}</d:errorMessage>'
        f"<d:requestID>{request_id}</d:requestID></d:FaultDetail></detail></E:Fault>"
    )
