"""Words of documents that deserve a token of their own, in all three cases."""

DOCUMENT_WORDS = """
invoice receipt bill vendor supplier seller buyer customer client payer payee merchant order purchase quote offer total subtotal
net gross amount price cost fee tax vat discount deposit balance payment payable due paid currency quantity unit item items line
description number reference code identifier issued date deadline time start end from until expiry expires valid
delivery shipping shipment carrier tracking parcel package weight address street city country postcode region phone mobile email
website contact sender recipient author subject title topic message letter attachment attachments reply forward urgent meeting
agenda minutes location place venue room floor building department company organisation organization employer employee manager
director owner tenant landlord lease rent contract agreement party signed signature witness clause notice period term duration
ticket issue problem error bug version software hardware device product model serial brand category priority status severity
normal medium high low critical open closed pending resolved refund return complaint question request support login password
account billing technical access feature crash damage broken warranty claim insurance insurer policy premium coverage incident
review reviewer rating stars score sentiment positive negative neutral mixed pros cons recommend recommended quality service
booking reservation guest guests hotel flight airline airport departure arrival destination origin seat gate passenger train
platform restaurant table nights breakfast cancellation refundable check checkout check-in confirmation
job position role vacancy salary employment full part internship freelance permanent remote hybrid skills skill required
requirement requirements experience education degree university school language languages level apply application applicant
candidate interview benefits
recipe ingredient ingredients servings minutes oven temperature cook bake dish cuisine calories
patient doctor clinic hospital appointment diagnosis symptom symptoms medication medicine dose dosage allergy allergies treatment
laboratory sample result results test range reference blood pressure glucose specimen
property house apartment bedroom bedrooms bathroom bathrooms garden garage area square size energy listing estate agent
event speaker organizer organiser workshop conference concert festival theatre admission entry doors
bank transfer transaction iban statement interest loan debit credit card cash
vehicle car mileage registration plate engine fuel mechanic inspection driver
student teacher course class grade semester lecture exam homework
species breed animal vet vaccine vaccination chip
project task tasks action decision decisions participant participants attendee attendees chair secretary
capacity battery screen display storage memory processor resolution material colour color dimensions width height depth length
power voltage output input wireless cable
person people name first last full middle maiden birth born age gender nationality occupation married
report summary details information additional notes note comment comments remark instructions
yes no none null true false text list integer object label labels field fields describe type kind whether mentioned given
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
euro euros dollar dollars pound pounds percent each per day week month year hour
dear hello regards sincerely thank thanks please best kind cheers yours
technology politics sports sport health business entertainment science travel culture finance music weather education
question answer opinion advice invitation announcement reminder warning apology thanks feedback
book movie film game software shop store library museum team player coach match season
approved rejected cancelled canceled confirmed completed available required optional included excluded
""".split()
