"""A Discord on loopback: REST v10, the gateway and the CDN, with faults to order.

`world` keeps what there is, `rest` and `gateway` are its two doors, `rules` are Discord's limits,
`faults` what goes wrong on demand, `server` puts it together and speaks for the people.
"""
