"""Pays through the network as a merchant's own software would: with the official Alipay Global SDK for Python, as it
comes. Reads what it needs as JSON from standard input; prints the payment ids and how each must stand as JSON.
"""

import json
import ssl
import sys
import urllib.request

GIVEN = json.load(sys.stdin)
# Behind the standard library: a package that the SDK asks for carries a module of the same name as one of it.
sys.path.append(GIVEN["sdk"])

from com.alipay.ams.api.default_alipay_client import DefaultAlipayClient
from com.alipay.ams.api.model.amount import Amount
from com.alipay.ams.api.model.env import Env
from com.alipay.ams.api.model.merchant import Merchant
from com.alipay.ams.api.model.order import Order
from com.alipay.ams.api.model.product_code_type import ProductCodeType
from com.alipay.ams.api.model.result_status_type import ResultStatusType
from com.alipay.ams.api.model.store import Store
from com.alipay.ams.api.model.transaction_status_type import TransactionStatusType
from com.alipay.ams.api.model.transaction_type import TransactionType
from com.alipay.ams.api.request.pay.alipay_inquiry_refund_request import AlipayInquiryRefundRequest
from com.alipay.ams.api.request.pay.alipay_pay_cancel_request import AlipayPayCancelRequest
from com.alipay.ams.api.request.pay.alipay_pay_consult_request import AlipayPayConsultRequest
from com.alipay.ams.api.request.pay.alipay_pay_query_request import AlipayPayQueryRequest
from com.alipay.ams.api.request.pay.alipay_refund_request import AlipayRefundRequest
from com.alipay.ams.api.request.pay.entry_code_payment_request import EntryCodePaymentRequest
from com.alipay.ams.api.request.pay.order_code_payment_request import OrderCodePaymentRequest
from com.alipay.ams.api.request.pay.user_presented_code_payment_request import UserPresentedCodePaymentRequest
from com.alipay.ams.api.response.pay.alipay_inquiry_refund_response import AlipayInquiryRefundResponse
from com.alipay.ams.api.response.pay.alipay_pay_cancel_response import AlipayPayCancelResponse
from com.alipay.ams.api.response.pay.alipay_pay_consult_response import AlipayPayConsultResponse
from com.alipay.ams.api.response.pay.alipay_pay_query_response import AlipayPayQueryResponse
from com.alipay.ams.api.response.pay.alipay_pay_response import AlipayPayResponse
from com.alipay.ams.api.response.pay.alipay_refund_response import AlipayRefundResponse

CURRENCY = GIVEN["currency"]
S, F, U = ResultStatusType.S, ResultStatusType.F, ResultStatusType.U


def client(private_key):
    return DefaultAlipayClient(GIVEN["gateway"], GIVEN["clientId"], private_key, GIVEN["networkKey"])


CLIENT = client(GIVEN["privateKey"])


def ask(request, response, through=CLIENT):
    return response(through.execute(request))


def phone(path, body):
    request = urllib.request.Request(
        GIVEN["phone"] + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    return json.load(urllib.request.urlopen(request, timeout=10))


def order(request_id, minor):
    made = Order()
    made.reference_order_id = request_id
    made.order_description = "noodles"
    made.order_amount = Amount(CURRENCY, str(minor))
    made.merchant = Merchant()
    made.merchant.reference_merchant_id = GIVEN["merchant"]
    made.merchant.merchant_mcc = "5812"
    made.merchant.merchant_name = "Lotus Noodle House"
    made.merchant.store = Store()
    made.merchant.store.reference_store_id = GIVEN["store"]
    made.merchant.store.store_name = "The Bund"
    made.merchant.store.store_mcc = "5812"
    made.env = Env()
    made.env.user_agent = "Mozilla/5.0"
    made.env.store_terminal_id = "T1"
    made.env.store_terminal_request_time = "2026-01-02T03:04:05+08:00"
    return made


def by_payment_code(request_id, minor, code, through=CLIENT):
    asked = UserPresentedCodePaymentRequest(request_id, order(request_id, minor), CURRENCY, str(minor), code)
    return ask(asked, AlipayPayResponse, through)


def inquire(request_id):
    asked = AlipayPayQueryRequest()
    asked.payment_request_id = request_id
    answer = ask(asked, AlipayPayQueryResponse)
    check(answer.result, S, "SUCCESS")
    return answer


def check(result, status, code):
    seen = (result.result_status, result.result_code)
    assert seen == (status, code), f"{seen} {result.result_message}, expected {(status, code)}"


def amount(found, currency, minor):
    assert (found.currency, found.value) == (currency, str(minor)), (found.currency, found.value)


def pay_with_a_code():
    code = phone("/code", {})["paymentCode"]
    paid = by_payment_code("sdk-code", 10_000, code)
    check(paid.result, S, "SUCCESS")
    amount(paid.payment_amount, CURRENCY, 10_000)
    assert paid.payment_request_id == "sdk-code" and paid.payment_id and paid.payment_time
    assert paid.payment_create_time and paid.payment_quote.quote_id and float(paid.payment_quote.quote_price) > 1
    assert paid.payment_quote.quote_currency_pair == "CNY/PHP", paid.payment_quote.quote_currency_pair
    assert paid.actual_payment_amount.currency == "PHP" and int(paid.actual_payment_amount.value) > 80_000
    assert paid.psp_customer_info.psp_name == "Bayani Pay" and paid.psp_customer_info.psp_customer_id == "user-1"
    amount(paid.gross_settlement_amount, CURRENCY, 10_000)
    again = by_payment_code("sdk-code", 10_000, code)
    check(again.result, S, "SUCCESS")
    assert again.payment_id == paid.payment_id
    other = by_payment_code("sdk-code", 10_001, code)
    check(other.result, F, "REPEAT_REQ_INCONSISTENT")
    found = inquire("sdk-code")
    assert found.payment_status == TransactionStatusType.SUCCESS and found.payment_id == paid.payment_id
    assert found.payment_result_code == "SUCCESS" and found.payment_time == paid.payment_time
    amount(found.payment_amount, CURRENCY, 10_000)
    assert found.actual_payment_amount.value == paid.actual_payment_amount.value and not found.transactions
    return paid.payment_id, "DEBITED"


def refuse_a_used_code():
    code = phone("/code", {})["paymentCode"]
    first = by_payment_code("sdk-first", 5_000, code)
    check(first.result, S, "SUCCESS")
    check(by_payment_code("sdk-second", 5_000, code).result, F, "INVALID_CODE")
    return first.payment_id, "DEBITED"


def pay_an_order_code():
    request = OrderCodePaymentRequest("sdk-order", order("sdk-order", 7_700), CURRENCY, "7700")
    shown = ask(request, AlipayPayResponse)
    check(shown.result, U, "PAYMENT_IN_PROCESS")
    detail = shown.order_code_form.code_details[0]
    assert shown.order_code_form.expire_time and detail.code_value_type.value == "QRCODE"
    assert detail.display_type.value == "TEXT" and detail.code_value.startswith("000201")
    assert inquire("sdk-order").payment_status == TransactionStatusType.PROCESSING
    scan_and_confirm(detail.code_value, 7_700)
    assert inquire("sdk-order").payment_status == TransactionStatusType.SUCCESS
    return shown.payment_id, "DEBITED"


def pay_an_entry_code():
    request = EntryCodePaymentRequest("sdk-entry", order("sdk-entry", 8_800), CURRENCY, "8800")
    shown = ask(request, AlipayPayResponse)
    check(shown.result, U, "PAYMENT_IN_PROCESS")
    assert shown.normal_url.startswith(GIVEN["gateway"]), shown.normal_url
    form = shown.redirect_action_form
    assert (form.method, form.redirect_url) == ("GET", shown.normal_url)
    scan_and_confirm(shown.normal_url, 8_800)
    assert inquire("sdk-entry").payment_status == TransactionStatusType.SUCCESS
    return shown.payment_id, "DEBITED"


def scan_and_confirm(code, minor):
    scanned = phone("/scan", {"code": code})
    assert scanned["paymentAmount"] == {"currency": CURRENCY, "value": str(minor)}, scanned
    confirm = {"paymentId": scanned["paymentId"], "quoteId": scanned["paymentQuote"]["quoteId"]}
    assert phone("/confirm", confirm)["result"]["resultStatus"] == "S"


def cancel():
    paid = by_payment_code("sdk-cancel", 3_300, phone("/code", {})["paymentCode"])
    check(paid.result, S, "SUCCESS")
    asked = AlipayPayCancelRequest()
    asked.payment_request_id = "sdk-cancel"
    answer = ask(asked, AlipayPayCancelResponse)
    check(answer.result, S, "SUCCESS")
    assert (answer.payment_id, answer.payment_request_id) == (paid.payment_id, "sdk-cancel") and answer.cancel_time
    found = inquire("sdk-cancel")
    assert found.payment_status == TransactionStatusType.CANCELLED, found.payment_status
    assert found.payment_result_code == "ORDER_IS_CLOSED"
    assert [entry.transaction_type for entry in found.transactions] == [TransactionType.CANCEL]
    return paid.payment_id, "CANCELLED"


def refund():
    paid = by_payment_code("sdk-refund", 9_000, phone("/code", {})["paymentCode"])
    check(paid.result, S, "SUCCESS")
    given = refund_of(paid.payment_id, "sdk-refund-1", 4_000)
    check(given.result, S, "SUCCESS")
    amount(given.refund_amount, CURRENCY, 4_000)
    assert given.refund_id and given.refund_time and given.refund_request_id == "sdk-refund-1"
    assert given.payment_id == paid.payment_id
    check(refund_of(paid.payment_id, "sdk-refund-1", 4_000).result, S, "SUCCESS")
    check(refund_of(paid.payment_id, "sdk-refund-1", 4_001).result, F, "REPEAT_REQ_INCONSISTENT")
    check(refund_of(paid.payment_id, "sdk-refund-2", 5_001).result, F, "REFUND_AMOUNT_EXCEED")
    asked = AlipayInquiryRefundRequest()
    asked.refund_request_id = "sdk-refund-1"
    found = ask(asked, AlipayInquiryRefundResponse)
    check(found.result, S, "SUCCESS")
    assert found.refund_status == TransactionStatusType.SUCCESS and found.refund_id == given.refund_id
    amount(found.refund_amount, CURRENCY, 4_000)
    listed = inquire("sdk-refund").transactions
    assert [(entry.transaction_type, entry.transaction_status) for entry in listed] == [
        (TransactionType.REFUND, TransactionStatusType.SUCCESS)
    ]
    amount(listed[0].transaction_amount, CURRENCY, 4_000)
    asked.refund_request_id = "sdk-never"
    check(ask(asked, AlipayInquiryRefundResponse).result, F, "REFUND_NOT_EXIST")
    return paid.payment_id, "DEBITED"


def refund_of(payment_id, request_id, minor):
    asked = AlipayRefundRequest()
    asked.payment_id = payment_id
    asked.refund_request_id = request_id
    asked.refund_amount = Amount(CURRENCY, str(minor))
    asked.refund_reason = "cold noodles"
    return ask(asked, AlipayRefundResponse)


def consult():
    asked = AlipayPayConsultRequest()
    asked.product_code = ProductCodeType.IN_STORE_PAYMENT
    asked.payment_amount = Amount(CURRENCY, "10000")
    answer = ask(asked, AlipayPayConsultResponse)
    check(answer.result, S, "SUCCESS")
    options = {option.payment_method_type: option for option in answer.payment_options}
    assert len(options) == 3, options.keys()
    assert all(option.enabled in (True, "true") for option in options.values())
    assert all(option.payment_method_category.value == "WALLET" for option in options.values())


def refuse_a_wrong_key():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    answer = by_payment_code("sdk-wrong", 1_000, phone("/code", {})["paymentCode"], client(pem.decode()))
    check(answer.result, F, "INVALID_SIGNATURE")
    asked = AlipayPayQueryRequest()
    asked.payment_request_id = "sdk-wrong"
    check(ask(asked, AlipayPayQueryResponse).result, F, "ORDER_NOT_EXIST")


def believe_the_certificate_by_the_strictest_rules():
    """Newer versions of Python check certificates by every rule of RFC 5280."""
    context = ssl.create_default_context()
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with urllib.request.urlopen(GIVEN["gateway"] + "/health", timeout=10, context=context) as health:
        assert health.status == 200


believe_the_certificate_by_the_strictest_rules()
consult()
STEPS = [pay_with_a_code, refuse_a_used_code, pay_an_order_code, pay_an_entry_code, cancel, refund]
print(json.dumps(dict(step() for step in STEPS)))
refuse_a_wrong_key()
