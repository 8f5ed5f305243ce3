"""Bookings: hotel rooms, flights and tables."""

import datetime

from values import DATE, INTEGER, Source, Value, quoted, words

from kinds import Concept, Kind, listed


def stay(s: Source) -> Value:
    """A stay from a day to a day, whose parts are asked for one by one."""
    first = s.day()
    nights = s.r.randint(1, 14)
    last = first + datetime.timedelta(days=nights)
    a, b = s.date(first), s.date(last)
    n = f"{nights} night{'s' if nights > 1 else ''}"
    text = s.any([f"from {a.text} to {b.text}", f"{a.text} - {b.text}", f"{a.text} until {b.text}", f"{a.text} to {b.text} ({n})", f"arriving {a.text}, leaving {b.text}",
                  f"{n} from {a.text} to {b.text}", f"\nCheck-in: {a.text}\nCheck-out: {b.text}\nNights: {nights}\n", f"\nArrival: {a.text}\nDeparture: {b.text}\n",
                  f"check in on {a.text}, check out on {b.text}"])
    parts = {"check_in": a, "check_out": b}
    if str(nights) + " night" in text or "Nights" in text:
        parts["nights"] = Value("", str(nights), INTEGER)
    return Value(text, quoted(f"{first.isoformat()}/{last.isoformat()}"), DATE, parts, flat=f"from {a.text} to {b.text}" if "\n" in text else "")


def guests(s: Source) -> Value:
    n = s.integer(1, 8)
    return n


def airport(s: Source) -> Value:
    city = s.city().text
    code = "".join(s.r.choice("ABCDEFGHIKLMNOPRSTUVWXYZ") for _ in range(3))
    if s.chance(0.4):
        return Value(f"{city} ({code})", quoted(city), {"type": "string"}, {"code": words(code)})
    return words(city if s.chance(0.8) else code)


BAGS = "|".join(["{}"])
ROOMS = ["single|double|twin|suite|family", "single room|double room|twin room|suite|family room", "SINGLE|DOUBLE|TWIN|SUITE|FAMILY"]

KIND = Kind(
    "booking",
    listed(
        Concept("code", lambda s: s.record_locator() if s.chance(0.6) else s.code("BK", "RES", "CONF"), "booking_code|confirmation|confirmation_number|reservation_id|booking_reference|reference|pnr|booking_id|id|reservation_number|confirmation_code",
                "Booking reference|Confirmation number|Code of the reservation", "Booking code|Confirmation|Reservation no.|PNR|Booking reference|Ref|Confirmation number|Reservation ID|Booking no.",
                "Your reservation code is {}.|The confirmation number is {}.|booked under {}|Please quote {} at the desk.|Booking {} is confirmed.|reference: {}"),
        Concept("guest", Source.person, "guest|guest_name|name|passenger|passenger_name|customer|booked_by|traveller|booker|lead_guest|reserved_for",
                "Name of the guest|Who travels|Person the booking is for", "Guest|Name|Passenger|Guest name|Booked by|Traveller|Reserved for|Lead guest|Customer",
                "Dear {},|The room is reserved for {}.|booked by {}|under the name {}|Traveller: {}.|My name is {}.|Mr/Ms {} will arrive as planned.|passenger {}|Hello {},"),
        Concept("hotel", Source.place, "hotel|hotel_name|property|accommodation|venue|restaurant|restaurant_name|place|location_name", "Name of the hotel|Where the booking is|Name of the place", "Hotel|Property|Accommodation|Restaurant|Venue|Place",
                "Welcome to {}!|Thank you for choosing {}.|You will stay at {}.|Your table at {} is booked.|We look forward to seeing you at {}.|a reservation at {}|{} confirms your booking."),
        Concept("stay", stay, "stay", "", "Stay|Dates|When|Period", "You stay {}.|{}|We booked you {}.|Your dates: {}.|Our rooms are held {}.|We would like to stay {}.",
                {"check_in": ("check_in|arrival|checkin_date|arrival_date|from_date|start_date|check_in_date|checkin", "Day of arrival|First day|Check-in date"),
                 "check_out": ("check_out|departure|checkout_date|departure_date|to_date|end_date|check_out_date|checkout", "Day of departure|Last day|Check-out date"),
                 "nights": ("nights|number_of_nights|num_nights|length_of_stay", "How many nights|Length of stay")}),
        Concept("when", Source.moment, "datetime|reserved_for|starts_at|reservation_time|booked_at|slot|when|date_time", "When the table is booked|Date and time", "When|Date and time|Time|Slot",
                "We expect you on {}.|Your table is ready on {}.|for {}|The booking is for {}.|See you on {}.|on {} please",
                {"date": ("date|day|reservation_date|booking_date|on_date", "Day of the booking|Date"), "time": ("time|at|reservation_time|arrival_time|hour", "Time of the booking|At what time")}),
        Concept("departs", Source.moment, "departure|departs_at|departure_time|leaves_at|takeoff|departure_datetime|outbound", "When the flight leaves|Departure date and time", "Departure|Departs|Leaves|Dep.|Take-off", "The flight leaves on {}.|Departure is {}.|You take off {}.|departing {}|It departs on {}.|leaving {}",
                {"date": ("departure_date|flight_date|date|travel_date|outbound_date", "Day of the flight|Departure date"), "time": ("departure_time|time|departs|leaves", "Departure time|Time of take-off")}),
        Concept("arrives", Source.moment, "arrival|arrives_at|arrival_time|lands_at|landing|arrival_datetime", "When the flight lands|Arrival date and time", "Arrival|Arrives|Lands|Arr.", "You land on {}.|Arrival is {}.|It arrives {}.|landing {}|You will be there on {}.|touching down {}",
                {"date": ("arrival_date|landing_date", "Day on which it lands"), "time": ("arrival_time|lands|arrives", "Arrival time")}),
        Concept("flight", lambda s: words("".join(s.r.choice("ABCDEFGHKLMNOPRSTUVWX") for _ in range(2)) + s.any(["", " ", "-"]) + str(s.r.randint(10, 9999))), "flight_number|flight|flight_no|flight_code|flightNumber", "Number of the flight|Flight", "Flight|Flight no.|Flight number", "You fly with {}.|Your flight is {}.|flight {}|on flight {}|booked on {}|boarding {}"),
        Concept("airline", lambda s: words(s.invented(1, 2) + s.any([" Air", " Airways", "jet", " Airlines", "wings"])), "airline|carrier|operator|operated_by", "Airline|Who flies", "Airline|Carrier|Operated by", "{} wishes you a good flight.|operated by {}|Thank you for flying {}.|with {}|carrier: {}|{} will take you there"),
        Concept("origin", airport, "origin|from|departure_city|from_city|departure_airport|from_airport|leaving_from", "Where the flight starts|City of departure", "From|Origin|Departure city|Departing from", "It goes from {}.|You leave from {}.|starting in {}|departing from {}|out of {}|Your trip begins in {}.", {"code": ("origin_code|from_code|departure_code", "Airport code of departure|Three-letter code")}),
        Concept("destination", airport, "destination|to|arrival_city|to_city|arrival_airport|to_airport|going_to", "Where the flight goes|City of arrival", "To|Destination|Arrival city|Going to", "It goes to {}.|You fly to {}.|bound for {}|Your destination is {}.|to {}|Your trip ends in {}.", {"code": ("destination_code|to_code|arrival_code", "Airport code of arrival")}),
        Concept("seat", lambda s: words(f"{s.r.randint(1, 45)}{s.any('ABCDEFK')}"), "seat|seat_number|seat_no", "Seat|Place on board", "Seat|Seat no.", "You sit in {}.|Your seat is {}.|seat {}|We reserved {} for you.|place {}|seated at {}"),
        Concept("party", guests, "guests|party_size|people|number_of_guests|persons|num_guests|covers|passengers|travellers|pax", "How many people|Number of guests|Size of the party", "Guests|Party size|People|Persons|Number of guests|Covers|Pax|Passengers",
                "for {} people|a table for {}|We are {} persons.|{} guests|The booking is for {} people.|party of {}|{} of us will come"),
        Concept("room", lambda s: s.choice(ROOMS, {0: "one single room|a room for one person|a room with a single bed|Single room.|a bed for one|a room for myself", 1: "a double room|a room with a double bed|Double room.|a room with one big bed|a queen bed for two|a double", 2: "a twin room|two separate beds|Twin room.|a room with two single beds|twin beds|separate beds please",
                3: "our suite|the suite with a living room|a luxury suite|Suite.|the junior suite|the honeymoon suite", 4: "a family room|a room for us and the kids|Family room.|a big room for parents and children|the family room|a room for the whole family"}),
                "room_type|room|room_category|type|accommodation_type", "Kind of room|Type of the room", "Room|Room type|Category"),
        Concept("cabin", lambda s: s.choice(["economy|premium|business|first", "economy|premium economy|business|first", "ECONOMY|PREMIUM|BUSINESS|FIRST"], {0: "Economy class.|You fly economy.|in economy|an economy ticket|the cheapest class|in the main cabin", 2: "Business class.|You fly business.|in business|a business ticket|a flat bed in business|business cabin", 3: "First class.|You fly first.|in first class|a first class ticket|the first class suite|first class cabin"}),
                "cabin|cabin_class|class|travel_class|fare_class", "Class of travel|Cabin", "Class|Cabin|Travel class"),
        Concept("price", lambda s: s.money(30, 5000), "price|total|total_price|amount|cost|total_cost|fare|rate", "Price of the booking|What it costs|Total to pay", "Price|Total|Amount|Fare|Total price|Cost", "The total is {}.|It costs {}.|The price is {}.|for {} in all|You pay {}.|The fare is {}.", {"currency": ("currency|currency_code", "Currency|ISO code of the currency")}),
        Concept("deposit", lambda s: s.money(10, 500), "deposit|prepayment|down_payment|paid_deposit", "Deposit|Paid in advance", "Deposit|Prepayment", "A deposit of {} is needed.|We took {} as a deposit.|{} in advance|prepaid {}", rare=True),
        Concept("breakfast", lambda s: s.flag("Breakfast is included.|with breakfast|including breakfast|Breakfast buffet included.|The rate covers breakfast.|bed and breakfast|breakfast on us", "Breakfast is not included.|without breakfast|room only|Breakfast costs extra.|no breakfast|The rate excludes breakfast.|breakfast not part of it"),
                "breakfast|breakfast_included|includes_breakfast|with_breakfast", "Whether breakfast is included|True with breakfast", "Breakfast|Breakfast included"),
        Concept("refundable", lambda s: s.flag("Free cancellation.|You can cancel at no cost.|fully refundable|Cancel for free until the day before.|The booking is refundable.|free to cancel|cancellation is free of charge", "Non-refundable.|No cancellation possible.|This can not be refunded.|Not refundable.|The money is not returned if you cancel.|no refunds|cancellation is not possible"),
                "refundable|free_cancellation|cancellable|is_refundable", "Whether it can be cancelled free|True if refundable", "Refundable|Free cancellation"),
        Concept("requests", lambda s: s.series(s.several(lambda: s.pick("a high chair|a window table|late check-in|a vegan menu|an extra bed|a quiet room|parking|a cot|sea view|gluten-free meal|wheelchair access|a room on a high floor|airport pickup|early check-in|a birthday cake|two keys|an aisle seat|a table outside|a room near the lift|an iron|extra towels|a kettle|a taxi at six|space for a bike|a hypoallergenic pillow|connecting rooms|a ground floor room|breakfast in the room|a dog basket|no nuts|halal food|a seat by the window|wake-up call|a bottle of champagne|a baby bath|quiet music|a vegetarian menu|a balcony|a desk|late check-out".split("|")), 1, 3)),
                "special_requests|requests|wishes|notes|extras|remarks|preferences", "Special wishes|What the guest asks for", "Requests|Special requests|Wishes|Notes|Extras", "We would like {}.|Please arrange {}.|The guest asks for {}.|If possible {}.|special wish: {}|Could we have {}?"),
        Concept("occasion", lambda s: words(s.any("birthday|anniversary|business dinner|wedding|graduation|engagement|team event|retirement|christening|promotion|reunion|farewell|first date|silver wedding|eighteenth birthday|house warming|baby shower|family meeting|exam party|name day".split("|"))), "occasion|event|reason", "Occasion|What is celebrated", "Occasion|Event", "It is for a {}.|We celebrate a {}.|occasion: {}|the reason is our {}", rare=True),
        Concept("phone", Source.phone, "phone|contact_phone|phone_number|tel|mobile", "Phone|Number to call", "Phone|Tel|Contact", "Call us at {}.|My number is {}.|phone {}|reachable on {}", rare=True),
        Concept("email", lambda s: s.email(), "email|contact_email|guest_email|e_mail", "E-mail of the guest|Contact", "Email|E-mail", "Send it to {}.|my mail: {}|e-mail {}|confirmation goes to {}", rare=True),
        Concept("city", Source.city, "city|town|location|destination_city", "City|Where it is", "City|Location", "in the heart of {}|It is in {}.|our house in {}|{} awaits you", rare=True),
        Concept("booked", Source.date, "booked_on|booking_date|reserved_on|created|date_booked", "When it was booked|Day of the reservation", "Booked on|Booking date|Reserved on", "booked on {}|You made this reservation on {}.|We received your request on {}.|ordered {}", rare=True),
    ),
    [
        "{hotel}\nBooking confirmation {code}\n\nDear {guest},\nyou stay {stay} with {party} persons in {room}. {breakfast} Total: {price}. {refundable}",
        "Reservation at {hotel}\nName: {guest}\nWhen: {when}\nParty of {party}\nNotes: {requests}\nRef {code}",
        "E-TICKET {code}\nPassenger: {guest}\nFlight {flight} operated by {airline}\nFrom {origin}, dep. {departs}\nTo {destination}, arr. {arrives}\nSeat {seat}, {cabin}\nFare {price}",
        "Hi,\nI would like a table for {party} on {when}, under the name {guest}. {requests} would be nice. My phone: {phone}\nThanks",
        "Hello,\nplease book {room} {stay} for {guest}. {breakfast} My mail is {email}. We agreed on {price}.",
        "{airline}: {guest}, you fly {origin} - {destination} with {flight} on {departs}. Booking {code}. Seat {seat}.",
        "Your trip to {destination}\n\n{guest}, here is your itinerary.\n{flight} {origin} -> {destination}\nLeaves {departs}\nLands {arrives}\n{cabin} Price paid: {price}\n{refundable}",
        "Thank you for booking with {hotel}, {city}!\nConfirmation: {code} (booked {booked})\nGuest: {guest}, {party} people\nStay: {stay}\nRoom: {room}\nPrice: {price}, deposit {deposit}\n{refundable}",
        "Table booked: {hotel}, {when}, {party} guests, name {guest}. {occasion} {requests}",
    ],
    "Booking confirmation|Reservation|Hello,|Dear guest,|Your itinerary|Confirmed!|Hi,|Thank you for your reservation.",
    "We are happy to welcome you.|Please arrive on time.|Bring your passport.|The pool opens at 9.|Free wifi everywhere.|City tax is paid on site.|Check your data please.|Pets are welcome.|Online check-in opens 24 hours before.|We hold tables for 15 minutes.|The bar is on the roof.|Our address is on the website.|Reception is open day and night.",
    "See you soon!|Have a good trip|Kind regards|Your team|Best wishes|Bon voyage|The reservations desk",
)
