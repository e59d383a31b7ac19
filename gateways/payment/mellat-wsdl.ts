const ns = 'http://interfaces.core.sw.bps.com/'

/** The operations of Behpardakht's service that we use, and the order of their arguments. */
const operations: Record<string, [name: string, type: 'long' | 'string'][]> = {
  bpPayRequest: [
    ['terminalId', 'long'],
    ['userName', 'string'],
    ['userPassword', 'string'],
    ['orderId', 'long'],
    ['amount', 'long'],
    ['localDate', 'string'],
    ['localTime', 'string'],
    ['additionalData', 'string'],
    ['callBackUrl', 'string'],
    ['payerId', 'string'],
  ],
  bpVerifyRequest: saleOf(),
  bpSettleRequest: saleOf(),
  bpInquiryRequest: saleOf(),
  bpReversalRequest: saleOf(),
  bpRefundRequest: [...saleOf(), ['refundAmount', 'long']],
}
export type MellatOperation =
  | 'bpPayRequest'
  | 'bpVerifyRequest'
  | 'bpSettleRequest'
  | 'bpInquiryRequest'
  | 'bpReversalRequest'
  | 'bpRefundRequest'

/**
 * Our own description of the service (contract payments-ir.md 3): the bank's is fetched from its host at run time,
 * which would be one more thing to fail and one more document to trust.
 */
export const mellatWsdl = `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:ns1="${ns}" xmlns:tns="http://service.pgw.sw.bps.com/"
  name="PaymentGatewayImplService" targetNamespace="http://service.pgw.sw.bps.com/">
<wsdl:types><xsd:schema elementFormDefault="unqualified" targetNamespace="${ns}">
${each(
  (
    name,
    args,
  ) => `<xsd:element name="${name}"><xsd:complexType><xsd:sequence>${args.map(([arg, type]) => `<xsd:element name="${arg}" type="xsd:${type}"/>`).join('')}</xsd:sequence></xsd:complexType></xsd:element>
<xsd:element name="${name}Response"><xsd:complexType><xsd:sequence><xsd:element minOccurs="0" name="return" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>`,
)}
</xsd:schema></wsdl:types>
${each(
  (name) => `<wsdl:message name="${name}"><wsdl:part element="ns1:${name}" name="parameters"/></wsdl:message>
<wsdl:message name="${name}Response"><wsdl:part element="ns1:${name}Response" name="parameters"/></wsdl:message>`,
)}
<wsdl:portType name="IPaymentGateway">
${each((name) => `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}"/><wsdl:output message="tns:${name}Response"/></wsdl:operation>`)}
</wsdl:portType>
<wsdl:binding name="PaymentGatewayImplServiceSoapBinding" type="tns:IPaymentGateway">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each((name) => `<wsdl:operation name="${name}"><soap:operation soapAction="" style="document"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>`)}
</wsdl:binding>
<wsdl:service name="PaymentGatewayImplService"><wsdl:port binding="tns:PaymentGatewayImplServiceSoapBinding" name="PaymentGatewayImplPort">
<soap:address location="https://bpm.shaparak.ir/pgwchannel/services/pgw"/></wsdl:port></wsdl:service>
</wsdl:definitions>`

function saleOf(): [string, 'long' | 'string'][] {
  return [
    ['terminalId', 'long'],
    ['userName', 'string'],
    ['userPassword', 'string'],
    ['orderId', 'long'],
    ['saleOrderId', 'long'],
    ['saleReferenceId', 'long'],
  ]
}

function each(text: (name: string, args: [string, 'long' | 'string'][]) => string): string {
  return Object.entries(operations)
    .map(([name, args]) => text(name, args))
    .join('\n')
}
