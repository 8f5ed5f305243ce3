"""Invoices, bills and receipts."""

from values import INTEGER, NUMBER, TEXT, Source, Value, quoted, words

from kinds import Concept, Kind, listed


def lines(s: Source) -> Value:
    """Invoice lines in one of several plain layouts, asked for as objects."""
    comma = s.chance(0.2)
    columns = [("description", s.any(["description", "item", "name", "product", "article", "text"]), TEXT)]
    columns.append(("quantity", s.any(["quantity", "qty", "units", "count", "amount_of_units"]), INTEGER))
    columns.append(("price", s.any(["unit_price", "price", "price_each", "rate", "price_per_unit"]), NUMBER))
    if s.chance(0.6):
        columns.append(("total", s.any(["total", "line_total", "amount", "sum", "subtotal"]), NUMBER))
    rows = []
    for _ in range(s.r.randint(1, 4)):
        qty = s.r.randint(1, s.any([5, 20, 100]))
        cents = s.r.randint(50, s.any([3000, 90000]))
        name = s.goods()
        f = lambda c: (f"{c // 100},{c % 100:02d}" if comma else f"{c // 100}.{c % 100:02d}")
        j = lambda c: f"{c // 100}.{c % 100:02d}"
        rows.append({"description": (name, quoted(name)), "quantity": (str(qty), str(qty)),
                     "price": (f(cents), j(cents)), "total": (f(cents * qty), j(cents * qty))})
    keys = [k for k, _, _ in columns]
    layout = s.r.randint(0, 6)
    heads = {"description": s.any(["Description", "Item", "Article"]), "quantity": s.any(["Qty", "Quantity", "Units"]),
             "price": s.any(["Unit price", "Price", "Each"]), "total": s.any(["Amount", "Total", "Sum"])}
    out = []
    if layout == 0:
        out.append(" | ".join(heads[k] for k in keys))
        out += [" | ".join(r[k][0] for k in keys) for r in rows]
    elif layout == 1:
        out.append("| " + " | ".join(heads[k] for k in keys) + " |")
        out.append("|" + "---|" * len(keys))
        out += ["| " + " | ".join(r[k][0] for k in keys) + " |" for r in rows]
    elif layout == 2:
        wide = max(len(r["description"][0]) for r in rows) + 2
        out.append(heads["description"].ljust(wide) + "  ".join(heads[k] for k in keys[1:]))
        out += [r["description"][0].ljust(wide) + "  ".join(r[k][0].rjust(4) for k in keys[1:]) for r in rows]
    elif layout == 3:
        sign = s.any(["x", "×", "pcs", "x"])
        for r in rows:
            tail = f" = {r['total'][0]}" if "total" in keys else ""
            out.append(f"{r['quantity'][0]} {sign} {r['description'][0]} @ {r['price'][0]}{tail}")
    elif layout == 4:
        for r in rows:
            tail = f", {r['total'][0]} in total" if "total" in keys else ""
            out.append(f"- {r['description'][0]}: {r['quantity'][0]} at {r['price'][0]} each{tail}")
    elif layout == 5:
        out = [f"{i}. " + "  ".join(r[k][0] for k in keys) for i, r in enumerate(rows, 1)]
    else:
        out = ["\t".join(r[k][0] for k in keys) for r in rows]
    asked = [c for c in columns if c[0] == "description" or s.chance(0.75)]
    if s.chance(0.2):
        s.r.shuffle(asked)
    items = ["{" + ",".join(f'"{name}":{r[k][1]}' for k, name, _ in asked) + "}" for r in rows]
    schema = {"type": "array", "items": {"type": "object", "properties": {name: sch for _, name, sch in asked}}}
    names = [r["description"][1] for r in rows]
    return Value("\n" + "\n".join(out) + "\n", "[" + ",".join(items) + "]", schema,
                 {"names": Value("", "[" + ",".join(names) + "]", {"type": "array", "items": TEXT}),
                  "count": Value("", str(len(rows)), INTEGER)})


def account(s: Source) -> Value:
    """An IBAN, in one piece or in fours."""
    number = s.any(["DE", "NL", "FR", "GB", "IT", "AT", "ES", "CH", "PL", "SE"]) + "".join(s.any("0123456789") for _ in range(s.any([18, 20])))
    return words(" ".join(number[i : i + 4] for i in range(0, len(number), 4)) if s.chance(0.5) else number)


def money(low: float, high: float):
    return lambda s: s.money(low, high)


CURRENCY = {"currency": ("currency|currency_code|ccy", "Currency|Three-letter currency code|ISO currency code")}

KIND = Kind(
    "invoice",
    listed(
        Concept("number", lambda s: s.code("INV", "RE", "F", "R", "2026"),
                "invoice_number|number|invoice_no|invoice_id|id|document_number|reference|bill_number|invoiceNumber|inv_no",
                "Number of the invoice|The invoice's identifier|As printed on the invoice|Invoice id",
                "Invoice no.|Invoice number|Invoice #|Invoice|Number|Document no.|Bill no.|Inv. No|Rechnung Nr.|Reference|INVOICE NO",
                "This is invoice {}.|Invoice {} is attached.|please find our invoice number {} below|We refer to bill {}.|Our document number is {}.|The invoice carries the number {}.|Quote {} with your payment."),
        Concept("vendor", Source.company,
                "vendor|supplier|seller|from_company|issuer|biller|vendor_name|supplier_name|company|seller_name|issued_by|merchant|billed_by|sender",
                "Company that issued the invoice|Who sends the invoice|The seller|Name of the supplier|Who gets paid|Issuing company",
                "Vendor|Supplier|Seller|From|Issued by|Bill from|Merchant|Company|Sold by|Lieferant|SUPPLIER|Biller",
                "{} thanks you for your order.|This bill was issued by {}.|{} has supplied the following.|{} hereby invoices you.|Goods and services by {}.|You bought this from {}.|Your supplier {} sends this invoice.|{} delivered the goods below."),
        Concept("customer", lambda s: s.company() if s.chance(0.6) else s.person(),
                "customer|client|buyer|bill_to|billed_to|customer_name|client_name|recipient|purchaser|to_company|buyer_name",
                "Who has to pay|The billed party|Name of the customer|Company or person billed|Who receives the invoice",
                "Bill to|Billed to|Customer|Client|To|Sold to|Buyer|Invoice to|Kunde|BILL TO|Purchaser|Attn",
                "Billed to {}.|The customer is {}.|This invoice is addressed to {}.|{} ordered the following.|Services rendered to {}.|The buyer, {}, agreed to our terms.|We charge {} as follows."),
        Concept("issued", Source.date,
                "invoice_date|date|issue_date|issued|issued_on|date_issued|billing_date|document_date|invoiceDate",
                "Date of the invoice|When it was issued|Day of issue|Invoice date",
                "Date|Invoice date|Issued|Date of issue|Issue date|Issued on|Dated|Billing date|Datum|DATE",
                "It was issued on {}.|Dated {}.|We wrote this invoice on {}.|Date of issue was {}.|Issued {}.|Our bill of {} is enclosed.|drawn up on {}"),
        Concept("due", Source.date,
                "due_date|due|payment_due|pay_by|due_on|deadline|payment_deadline|dueDate|payable_by",
                "Last day to pay|When payment is due|Payment deadline|Pay by this date",
                "Due|Due date|Payment due|Pay by|Payable by|Due on|Payment deadline|Zahlbar bis|DUE DATE|Due by",
                "Please pay by {}.|Payment is due on {}.|Kindly transfer the sum before {}.|The amount falls due {}.|Payable until {}.|We expect your payment no later than {}.|settle this by {}"),
        Concept("total", money(20, 50000),
                "total|amount_due|grand_total|total_amount|amount|invoice_total|total_due|sum_total|balance_due|totalAmount|total_gross",
                "Amount to pay|Total including tax|The final amount|Gross total|Sum to be paid",
                "Total|Amount due|Grand total|Total due|TOTAL|Balance due|Total amount|Invoice total|To pay|Gesamtbetrag|Total incl. VAT|Total payable",
                "The total comes to {}.|You owe us {}.|In total {} is payable.|The amount due is {}.|Please transfer {}.|That makes {} altogether.|The grand total is {}.|We ask for payment of {} in full.", CURRENCY),
        Concept("subtotal", money(20, 40000), "subtotal|net|net_amount|net_total|amount_before_tax|sub_total|total_net",
                "Amount before tax|Net amount|Total without tax", "Subtotal|Net|Net amount|Sub-total|Total net|SUBTOTAL|Amount before tax",
                "The net amount is {}.|Before tax this is {}.|Net value: {}.|The subtotal amounts to {}.|Without tax it is {}.|excluding VAT {}"),
        Concept("tax", money(2, 5000), "tax|vat|tax_amount|vat_amount|sales_tax|tax_total|gst",
                "Tax amount|VAT charged|How much tax", "VAT|Tax|Sales tax|VAT amount|GST|MwSt.|Tax amount|TAX",
                "VAT of {} applies.|Tax is {}.|including {} of tax|This contains {} VAT.|We added {} sales tax.|The tax amounts to {}."),
        Concept("tax_rate", Source.percent, "tax_rate|vat_rate|vat_percent|tax_percent", "Tax rate in percent|VAT percentage",
                "VAT rate|Tax rate|VAT %|Rate of tax", "The VAT rate is {}.|Taxed at {}.|A tax rate of {} applies.", rare=True),
        Concept("shipping", money(3, 200), "shipping|shipping_cost|delivery_fee|freight|postage|shipping_fee",
                "Cost of delivery|Delivery charge", "Shipping|Delivery|Freight|Postage|Shipping & handling|Carriage",
                "Shipping adds {}.|Delivery costs {}.|Postage came to {}.|Freight is {}.|plus {} for shipping|The carriage charge is {}.", rare=True),
        Concept("discount", money(2, 500), "discount|discount_amount|rebate|reduction", "Discount given|Rebate",
                "Discount|Rebate|Less discount|Reduction", "A discount of {} was deducted.|We took off {}.|You saved {}.|less {} rebate", rare=True),
        Concept("po", lambda s: s.code("PO", "ORD", "4500"), "purchase_order|po_number|order_number|po|order_no|your_reference|order_id",
                "The customer's order number|Purchase order|Order this belongs to",
                "PO|PO number|Order no.|Purchase order|Your order|Your ref.|Order number|P.O.",
                "This refers to your order {}.|Your purchase order was {}.|ordered under {}|for purchase order {}|per your PO {}|belongs to order {}"),
        Concept("paid", lambda s: s.flag(
                "Paid in full, thank you.|The amount has already been paid.|Payment received with thanks.|No further payment is needed.|This invoice has been settled.|PAID|We have received your transfer.",
                "Payment is still outstanding.|This has not been paid yet.|We have not received any payment.|The amount remains open.|Please arrange payment.|Status: unpaid|UNPAID"),
                "paid|is_paid|settled|already_paid|payment_received", "Whether it has been paid|True if nothing is owed|Already settled?",
                "Paid|Settled|Payment received"),
        Concept("method", lambda s: s.choice(
                ["bank transfer|credit card|cash|paypal|direct debit", "transfer|card|cash|PayPal|debit", "wire|card|cash|paypal|sepa"],
                {0: "Please transfer the money to our account.|Pay by bank transfer.|Wire the amount to the account below.|Send it to our bank account.|payable by wire|Use the IBAN below.",
                 1: "Charged to your Visa.|Your credit card was charged.|Paid with Mastercard ending 4421.|We charged the card on file.|by credit card|Card payment.",
                 2: "Paid in cash.|Cash payment at the counter.|You paid cash.|Settled in cash on delivery.|cash only|in banknotes",
                 3: "Paid through PayPal.|Use the PayPal link.|via PayPal|PayPal payment received.|with your PayPal account|PayPal was used.",
                 4: "We will debit your account.|The sum is collected by direct debit.|SEPA direct debit.|We collect it from your account.|by direct debit|Debited automatically."}),
                "payment_method|method|pay_method|payment|paid_with", "How it is paid|Means of payment", "Payment method|Method|Payment|Paid with|Pay by"),
        Concept("iban", account,
                "iban|bank_account|account|account_number", "Account to pay to|Bank account", "IBAN|Account|Bank account|Acct",
                "Our account is {}.|Pay to {}.|transfer to IBAN {}|the money goes to account {}", rare=True),
        Concept("address", Source.address, "address|vendor_address|street_address|billing_address", "Postal address|Address", "Address|Billing address|Street",
                "Our office: {}.|We are at {}.|located at {}|{}", rare=True),
        Concept("terms", lambda s: words(s.any(["net 30", "Net 14 days", "30 days net", "2% 10, net 30", "due on receipt", "14 days", "60 days net", "prepayment"])),
                "payment_terms|terms", "Payment terms|Terms of payment", "Terms|Payment terms", "Terms: {}.|Our payment terms are {}.|payable {}", rare=True),
        Concept("email", lambda s: s.email(), "email|contact_email|vendor_email|billing_email|contact", "E-mail for questions|Contact address", "Email|E-mail|Contact|Mail",
                "Questions? Write to {}.|Contact us at {}.|mail {} if anything is wrong|Reach our billing team at {}.", rare=True),
        Concept("lines", lines, "items|lines|line_items|positions|products|order_lines|entries|goods",
                "What was bought|The invoice lines|One entry per line|Goods and services", "Items|Positions|Details",
                "{}", {"names": ("item_names|products|articles|bought", "Names of the items|What was bought"), "count": ("line_count|item_count", "How many lines|Number of items")}),
    ),
    [
        "{vendor}\n{address}\n\nINVOICE {number}\nDate: {issued}\nDue: {due}\n\nBill to:\n{customer}\n{lines}\nSubtotal {subtotal}\nVAT {tax}\nTotal {total}\n{paid}",
        "Invoice {number} from {vendor} to {customer}, {issued}. {lines}\nTotal: {total}, payable by {due}. {method}",
        "Dear {customer},\n\nfor our work we charge {total}. The invoice ({number}) is dated {issued} and must be paid by {due}.\n\nKind regards\n{vendor}",
        "RECEIPT\n{vendor}\n{issued}\n{lines}\nTOTAL {total}\n{method}\nThank you!",
        "Hi,\n\nattached is the bill from {vendor} ({number}, {issued}). It's {total} including {tax} VAT. {paid} The order was {po}.\n\nCheers",
        "{vendor} - Invoice\nNo: {number} | Date: {issued} | Customer: {customer}\n{lines}\nNet: {subtotal}\nTax: {tax}\nTO PAY: {total}\nDue date {due}",
        "Reminder: invoice {number} of {issued} over {total} was due on {due}. {paid} Please contact {email}. {vendor}",
        "FROM: {vendor}\nTO: {customer}\nRE: Your order {po}\n\nPlease pay {total} (shipping {shipping} included) until {due}. Our reference: {number}. {terms}",
        "TAX INVOICE\n\n{customer}\n{address}\n\nInvoice number {number}          Invoice date {issued}\nYour PO {po}          Payment due {due}\n{lines}\nDiscount {discount}\nTotal due {total}\n\n{vendor}\nIBAN {iban}",
        "On {issued} {vendor} billed {customer} {total} for services; the document, {number}, has to be settled by {due}.",
    ],
    "INVOICE|Invoice|Tax invoice|RECHNUNG|Bill|Receipt|Statement|Hello,|Dear Sir or Madam,|Pro forma invoice|*** INVOICE ***",
    "Thank you for your business.|Goods remain our property until paid.|All prices in the stated currency.|Please quote the number when paying.|Errors and omissions excepted.|E&OE|Page 1 of 1|Registered in the commercial register.|VAT ID DE123456789|Late payments are subject to interest.|We appreciate your trust.|This document was created electronically.|No signature required.",
    "Thank you!|Kind regards|Best wishes|Sincerely yours|www.example.com|Tel. 030 1234567|Have a nice day|-- end of document --",
)
