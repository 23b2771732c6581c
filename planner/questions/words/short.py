"""Names of columns as people cut them short: "chrg", "wt_kg", "dt". Data and look-ups."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["", "number", "date", "text"]
"""What the column holds, as far as it tells which long word was cut short."""

_SHORT: Final = """
account: acct acc accnt
activity: actv
address: addr adr
adjustment: adj
amount: amt amnt
appointment: appt apptmt appts
approved: appr apprvd
arrival: arr arrv arvl
attendance: attn attnd attd
attendee: att
authorised: auth authd
average: avg
balance: bal
battery: batt bat
begin: beg bgn
birth: bth
birth date: dob birthday birthdate
email: mail
booking: bkg bkng bk bkd
bottle: btl
branch: br brnch
budget: bdgt budg
building: bldg
campaign: cmp cmpgn camp
cancelled: canc cncl cxl cxld cncld canx cancld
candidate: cand
capacity: capa
category: cat catg ctg categ
certificate: cert
charge: chg chrg chge chgs
class: cls
clicks: clx clk clks
code: cd
colour: col clr
comment: cmnt cmt comm cmts
commission: comsn cmsn
company: co coy
condition: cond cndn
contract: contr cntr
country: ctry cntry ctr
county: cnty
customer: cust cstmr custmr cst
date: dt dte dat
delivered: dlvd delvd deld
delivery: del deliv dlv dlvy dely
department: dept dpt
deposit: dep depo dpst
description: desc descr dscr
destination: dest
detail: det dtl
diagnosis: diag dx
difference: diff
discount: disc dsc
distance: dist
district: distr
document: doc
driver: drv drvr
duration: dur
electricity: elec elect
employee: emp empl
equipment: equip eqpt
estimate: est
expense: exp expn
expiry: expy xpry
female: fem
frequency: freq
gender: gndr
grade: grd
gross: grs
group: grp
guest: gst
height: ht hgt
hour: hr hrs
household: hh hhold
income: inc
installed: inst instd
instructor: instr
instrument: instrm
insurance: ins insur insr
interview: iv intv intvw
inventory: invty
invoice: inv invc
item: itm
journey: jny
kilometer: kms
language: lang
latitude: lat
length: len lgth lng
level: lvl
location: loc locn
manager: mgr mngr
manufacturer: mfr manuf
material: mat matl
maximum: max
measurement: meas
member: mbr mem memb mmbr
membership: mship mbrship
message: msg
meter: mtr
mileage: mlg
minimum: min
minute: mins
month: mth mnth mths
name: nm
night: nt nts ngt
note: nte
number: no nr num nbr
occupation: occ
operator: op opr
opponent: opp
opportunity: oppty
order: ord ordr
organisation: org
original: orig
outstanding: outst outstd
overtime: ot
owner: ownr
package: pkg pkge
paid: pd pyd
parts: prts
passenger: pax
patient: pat pt ptnt
payment: pmt pymt paymt
percent: pct perc prct
period: prd
person: pers prsn ppl
phone: ph tel phn
population: pop
position: pos posn
postcode: pcode pcd
price: pr prc prce
priority: prio pri
probability: prob
product: prod prd
project: proj prj
promised: prom
property: prop
quality: qual
quantity: qty qnty qnt quant
quarter: qtr
question: qn
rating: rtg
reading: rdg rdng
received: recd rcvd recvd rcd
receipt: rcpt rct
reference: ref refno
region: rgn
registration: reg regn rego
reimbursed: reimb reimbd
requisition: req reqn
request: rqst
reservation: res resv rsv rsvn
result: rslt
return: rtn retn
returned: retd rtnd
revenue: rev
route: rt rte
salary: sal
schedule: sched
school: sch
score: scr
season: szn
second: sec secs
section: sect
serial: ser
serial number: sn
service: svc serv srv srvc
session: sess
shipment: shpmt
shipping: shp shpg
source: src
square meter: sqm m2
staff: stf
start: strt
station: stn sta
status: st stat sts stts
stock: stk
street: str
student: stu stud stdnt
subject: subj
supplier: supp supl suppl splr
supervisor: supv
last name: surname sname lname lastname
first name: fname forename firstname
teacher: tchr
telephone: tlf
temperature: temp tmp
territory: terr
ticket: tkt tix tckt
time: tm
total: tot ttl
town: twn
transaction: txn trx trans tx
transport: transp
treatment: tmt trtmt
trip: trp
type: typ tp
unit: un
user: usr
value: val
vehicle: veh vhcl
venue: vnu
version: ver vers
village: vill
visit: vst
visitor: vis
volunteer: vol
volume: vol
warehouse: whse wh
week: wk wks
weekly: wkly
weight: wt wgt
years experience: yoe
year: yr yrs
yearly: yrly pa
monthly: pm mthly
"""
_BY_KIND: Final[Mapping[tuple[str, str], str]] = {
    ("dep", "date"): "departure", ("dep", "text"): "department", ("arr", "number"): "arrears",
    ("cat", "text"): "category", ("col", "number"): "column", ("exp", "date"): "expiry",
    ("reg", "date"): "registered", ("att", "number"): "attendance", ("vol", "number"): "volume",
    ("res", "text"): "result", ("temp", "text"): "temporary", ("prd", "text"): "product",
    ("per", "number"): "person", ("del", "date"): "delivered", ("co", "text"): "company", ("min", "number"): "min",
    ("max", "number"): "max", ("st", "text"): "status", ("est", "date"): "estimated",
    ("inv", "date"): "invoice", ("sec", "text"): "section",
    ("ins", "text"): "insurance", ("rec", "date"): "received", ("del", "number"): "delivery",
}  # fmt: skip
"""Short words that stand for something else in a column of that kind."""

_LONG: Final = {
    short: line.split(": ")[0]
    for line in reversed(_SHORT.strip().splitlines())
    for short in line.split(": ")[1].split()
}


def long(word: str, kind: Kind = "") -> tuple[str, ...]:
    """What a short word of a column's name stands for; the word itself where it is none."""
    return tuple((_BY_KIND.get((word, kind)) or _LONG.get(word) or word).split())


def is_known(word: str) -> bool:
    """Whether it is a short word that everybody cuts so."""
    return word in _LONG


@lru_cache(maxsize=20_000)
def is_short_for(short: str, word: str) -> float:
    """How sure it is that the word was cut short so, 0..1: its beginning, or its consonants in their
    order from the first letter on ("swp" of "sweep", "mbr" of "member").
    """
    if len(short) < 2 or len(word) - len(short) < 2 or short[0] != word[0] or not short.isalpha():
        return 0.0
    if word.startswith(short):
        return 0.85 if len(short) > 2 else 0.0
    if re.search(r"[aeiou]", short[1:]) or not _is_within(short, word):
        return 0.0
    bones = _bones(word)
    return (
        0.85
        if len(short) > 2 and bones.startswith(_bones(short))
        else 0.6
        if len(short) > 2
        else 0.3
    )


def _bones(word: str) -> str:
    """The first letter and the consonants after it, doubled ones once."""
    bones = word[0] + re.sub(r"[aeiouy]", "", word[1:])
    return re.sub(r"(.)\1", r"\1", bones)


def _is_within(short: str, word: str) -> bool:
    letters = iter(word)
    return all(letter in letters for letter in short)
