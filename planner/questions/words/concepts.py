"""What words stand for, whatever a table calls it: concepts, and the families of those that are near. Data.

The vocabularies are those of shops, hotels, clinics, schools, offices, logistics, sensors, finance,
sports, clubs, libraries, support desks and events, with German, French, Spanish and Italian names.
"""

from typing import Final

CONCEPTS: Final = """
revenue income: revenue turnover sale sales umsatz erlos erloes ventas ingreso ingresos chiffre omzet fatturato earnings takings income proceeds einnahme einnahmen recette recettes grossing
amount income outlay: amount amt betrag summe importe montant importo bedrag total value sum subtotal brutto gross wert gesamt gesamtbetrag worth money geld argent dinero sums monto valor valeur totale somme quid buck pound dollar franc dosh chf eur euro usd gbp sek nok dkk pln czk
net income: net netto nett
cost outlay: cost expense expenditure spend spending kosten ausgabe costo cout coste fee charge gebuhr aufwand outlay gasto gastos depense depenses frais spent overhead outgoing
price income outlay: price preis precio prix prezzo prijs tarif tariff fare rate ticketprice rent miete
profit: profit gewinn beneficio margin ertrag gain benefice
tax: tax vat steuer mwst ust iva tva duty
refund: refund refunded reimbursement reimbursed ruckerstattung erstattung remboursement reembolso chargeback
salary pay: salary wage pay gehalt lohn salario sueldo salaire stipendio compensation payroll earns remuneration
bonus: bonus bonuses tip tips commission gratuity provision pramie prime
budget: budget allowance allocation
debt: debt owed owing balance outstanding arrears receivable dues unpaid kontostand saldo solde
donation income: donation donated gift contribution spende don donacion pledge
payment income outlay: payment zahlung pago paiement deposit installment transfer
discount: discount rabatt descuento remise markdown reduction
premium: premium insurance fine penalty surcharge
quantity: quantity qty unit units piece pieces menge stuck stuckzahl anzahl cantidad quantite quantita aantal volume copies
stock: stock inventory onhand bestand lagerbestand existencias supply reserve
hours span: hour hours stunde stunden horas heures
duration span: duration minutes length dauer duree duracion runtime wait waiting latency elapsed minute min mins stay seconds laufzeit delay
nights span: night nights nacht nachte nuits noches overnight
age: age alter edad eta
customer client: customer client kunde cliente klant buyer account customers shopper purchaser consumer patron punter payer clientele kundin kundschaft acheteur comprador
guest client: guest visitor traveller traveler lodger gast huesped besucher holidaymaker tourist
employee staff: employee staff worker lad bloke guy mitarbeiter empleado employe personnel colleague coworker angestellter salarie workforce mitarbeiterin
person client staff: person people human folk folks individual somebody everybody who headcount
manager staff: manager boss supervisor lead vorgesetzter chef head director
member client: member mitglied miembro membre subscriber membership abonnent adherent socio
student client: student pupil schuler alumno eleve learner etudiant estudiante trainee
child: child kid children minor youngster toddler infant
teacher staff: teacher lehrer profesor instructor professor tutor coach trainer lecturer trainerin lehrerin
patient client: patient
doctor staff: doctor physician arzt medico gp surgeon clinician medecin arztin dentist vet therapist practitioner
nurse staff: nurse caregiver carer pfleger
agent staff: agent assignee operator handler responder owner bearbeiter rep representative salesperson salesman seller verkaufer vendeur vendedor clerk consultant adviser advisor
player client: player athlete musician spieler jugador joueur runner swimmer competitor contestant sportler rider
author: author writer autor auteur novelist poet
driver staff: driver fahrer chauffeur conductor courier rider
host: host organizer organiser veranstalter organisateur speaker presenter
attendee client: attendee participant teilnehmer registrant delegate asistente audience spectator
donor client: donor giver sponsor benefactor contributor spender
applicant client: applicant candidate bewerber candidato candidat
tenant client: tenant renter lessee leaseholder occupier occupant resident
owner client: owner keeper holder householder landlord
borrower client: borrower reader leser lender lecteur
product goods: product item article artikel produkt producto produit prodotto sku ware merchandise commodity articulo
book goods: book title buch livre libro novel volume
vehicle goods: vehicle car truck van lorry fahrzeug auto vehiculo vehicule coche lkw bus
machine goods: machine equipment maschine machinery asset printer robot
sensor: sensor device meter gerat probe station detector gauge dispositivo capteur
animal: animal dog cat pet horse hedgehog bird rabbit creature cow sheep puppy hound
house: house home household premises flat property dwelling
boat: boat vessel yacht barge narrowboat
plot: plot parcel garden lot field allotment
room: room zimmer habitacion chambre suite raum classroom ward
order deal deed: order bestellung pedido commande ordine auftrag purchase
invoice deal deed: invoice rechnung factura facture fattura bill
booking deal visit deed: booking reservation buchung reserva reservierung
transaction deal deed: transaction movement entry posting transaccion
visit visit deed: visit appointment termin consultation cita rendezvous encounter checkup sprechstunde
shipment deed: shipment consignment parcel package delivery drop dropoff sendung paket paquete colis envio lieferung freight cargo
ticket deed: ticket issue case incident complaint bug enquiry inquiry
event deed: event concert conference meetup webinar veranstaltung evento evenement workshop gig session
match deed: match game fixture spiel partido bout race
hire deal deed: hire rental hiring rent let lending
loan deal deed: loan lending ausleihe prestamo emprunt checkout
trip deed: trip journey ride tour reise viaje voyage route flight flug vuelo
course: course subject fach kurs curso class lesson module cours clase unterricht training
project: project projekt proyecto projet job
job deed: job work task gig assignment callout
reading: reading measurement messung messwert measure medicion observation
exam deed: exam test quiz prufung examen assessment
date: date datum fecha data dag day tag timestamp when jour dia
created: created begin beginn opened open angelegt eroffnet erstellt began begun start started opening raised reported logged submitted registered issued placed registration signup booked
arrived: arrived arrival arrive checkin checkedin ankunft anreise llegada arrivee admitted admission entry
left: left departure depart checkout departed abreise abfahrt salida depart leave leaving discharged discharge exit quit
closed: closed resolved geschlossen erledigt ended end finished completed completion closing ende fin
due: due fallig falligkeit deadline expiry expires expired ablauf
shipped: shipped shipping versand ship dispatched sent dispatch versandt verschickt
delivered: delivery delivered liefer lieferung geliefert zugestellt arrived livre entregado
hired: hired hire joined join started start eintritt einstellung onboarded employed enrolled enrollment beitritt
born: birth born birthday birthdate dob geburt geburts geburtsdatum geburtstag nacimiento naissance
returned: returned return returns ruckgabe retour devolucion
published: published publication released release launch launched erschienen
country: country land nation pais paese nationality origin place
region: region area territory zone gebiet bundesland state province district county place
city: city town stadt ort ciudad ville citta plaats municipality village hometown gemeinde place
street: street strasse calle rue address adresse
warehouse: warehouse store shop location site building branch filiale lager laden outlet depot tienda magasin almacen standort boutique hub premises campus office place
venue: venue stadium hall arena theatre theater auditorium halle stadion
clinic: clinic hospital praxis klinik ward practice surgery
hotel: hotel hostel inn motel property resort
department: department dept abteilung departamento departement division unit bereich faculty
team: team squad crew mannschaft equipo equipe club verein
category: category cat kategorie type kind art typ segment categoria categorie class sort genre group gruppe tipo genero variety rubrik family line style
level: level tier plan grade grad rank seniority stufe package nivel niveau
source: source channel quelle kanal canal origin platform medium via portal referrer campaign
method: method how zahlungsart methode means metodo methode mode
brand: brand make marke marca marque manufacturer hersteller label
supplier: supplier vendor lieferant proveedor fournisseur provider wholesaler
carrier: carrier shipper transporter spediteur courier airline
publisher: publisher verlag editorial
position: position role title job jobtitle stelle beruf funktion occupation profession puesto poste
diagnosis: diagnosis condition disease illness diagnose ailment diagnostico
treatment: treatment therapy procedure behandlung medication drug medicine tratamiento
language: language sprache idioma langue
gender: gender sex geschlecht sexo sexe
topic: topic theme thema subject tema sujet
reason: reason cause why grund motivo motif
status: status statut state condition shape zustand stand estado etat stato stage phase outcome
priority: priority prio prioritat severity urgency prioridad importance urgent
size: size grosse taille tamano
colour: colour color farbe couleur
score: score grade mark note punkte rating stars bewertung satisfaction csat nps evaluation points nota puntuacion review result feedback quality bewertungen gpa
temperature: temperature temp temperatur heat warmth
humidity: humidity feuchte luftfeuchtigkeit moisture
pressure: pressure druck
speed: speed velocity geschwindigkeit pace tempo
weight: weight gewicht peso poids kg mass kilo kilos kilogram gram gr heaviness
height: height tall hoehe hohe altura hauteur
distance: distance km mileage miles strecke kilometer kilometre entfernung kilometrage
energy: energy consumption power leccy verbrauch kwh electricity strom usage consumo
capacity: capacity seats kapazitat plazas places
views: view views click clicks visits impressions hits aufrufe traffic
goals: goal goals tor tore buts goles points scored
attendance: attendance turnout attended audience footfall crowd spectators visitors
absence: absence absences absent fehltage sickness sick ill illness krank malade missed missing
email: email mail
phone: phone telephone tel mobile fax telefon handy telefono
comment: comment note notes remark description bemerkung kommentar text message
width: width breite wide
length: length lange
zip: zip zipcode postcode postal plz postleitzahl
paid: paid bezahlt settled payed paye pagado cleared
pending: pending unresolved offen waiting ausstehend unsettled ongoing unfinished pendiente
active: active live aktiv activo actif current enabled running
inactive: inactive dormant inaktiv disabled lapsed churned deactivated former
cancelled: cancelled canceled cancel cancellation storniert annule cancelado abgesagt aborted scrapped storno
returned_state: returned retourniert sent-back
failed: failed failure fail unsuccessful durchgefallen nicht-bestanden
passed: passed bestanden success successful succeeded approve
approved: approved accepted genehmigt authorised authorized confirmed bestatigt granted
rejected: rejected declined denied refused abgelehnt turned-down
vacant: vacant unoccupied unlet empty
in_repair: in-repair under-repair workshop garage maintenance in-maintenance defect defective faulty broken out-of-order werkstatt reparatur kaputt
onloan: on-loan lent lent-out borrowed checked-out ausgeliehen
expired: expired run-out abgelaufen
suspended: suspended paused on-hold frozen
scheduled: scheduled planned upcoming geplant
noshow: no-show dna did-not-attend not-attended missed
holiday: holiday vacation annual-leave urlaub vacances
dead: dead died deceased
late: late overdue delayed belated verspatet tardy uberfallig
won: won win victory gewonnen victories wins
lost: lost lose defeat loss verloren defeats losses
draft: draft entwurf unpublished
married: married verheiratet
remote: remote home-office homeoffice
fulltime: full-time fulltime vollzeit
parttime: part-time parttime teilzeit
new: new neu nuevo nouveau
online: online web internet website
instore: in-store instore offline in-person onsite walk-in
high: high hoch urgent critical severe elevated
medium: medium mittel moderate normal
low: low niedrig minor
"""
"""Each concept, the families of those it may be taken for, and the words that may stand for it, accents folded; a hyphen stands for
a blank. The first concept of a word is what it stands for where only one is wanted.
"""

CODED: Final = """
germany: germany german de deu deutschland deutsch allemagne alemania
france: france french fr fra frankreich
spain: spain spanish es esp spanien espana espagne spaniard
italy: italy italian it ita italien italia
austria: austria austrian at aut osterreich
switzerland: switzerland swiss ch che schweiz suisse
netherlands: netherlands dutch nl nld holland niederlande
belgium: belgium belgian be bel belgien belgique
portugal: portugal portuguese pt prt
poland: poland polish pl pol polen pole
sweden: sweden swedish se swe schweden swede
norway: norway norwegian no nor norwegen
denmark: denmark danish dk dnk danemark dane
finland: finland finnish fi fin finn
ireland: ireland irish ie irl irland
uk: uk british gb gbr britain england english en eng united-kingdom grossbritannien briton
usa: usa us american united-states america
canada: canada canadian ca can kanada
mexico: mexico mexican mx mex
brazil: brazil brazilian br bra brasil brasilien
argentina: argentina argentinian ar arg argentine
japan: japan japanese jp jpn
china: china chinese cn chn
india: india indian in ind indien
australia: australia australian au aus australien
greece: greece greek gr grc griechenland
turkey: turkey turkish tr tur turkei turk
russia: russia russian ru rus russland
czechia: czechia czech cz cze tschechien czech-republic
hungary: hungary hungarian hu hun ungarn
romania: romania romanian ro rou
ukraine: ukraine ukrainian ua ukr
korea: korea korean kr kor south-korea
south_africa: south-africa za zaf south-african
female: female woman women weiblich girl f w ladies lady femme mujer frau
male: male man men mannlich boy m gentlemen homme hombre mann herr
"""
"""Values that are often written as codes: each country with its people, and the sexes. Their words
are too short to be taken for anything but such a value.
"""
