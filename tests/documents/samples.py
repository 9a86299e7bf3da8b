"""Documents as people write them, in Markdown; `files.py` makes real files of them."""

from __future__ import annotations

OFFSITE = """\
# Team offsite in Lisbon

This plan sets out where, when and why the product group meets in spring. It is kept by Ana Novak.

## Summary

The product group meets in Lisbon from 14 to 16 April 2026 to agree the roadmap for the second half of the year.
The whole trip costs €48,200, which is 4% below last year's budget. Twenty-two people have said they will come.

## Venue

We looked at three hotels near the river and chose Hotel Tejo because it has one room for all of us. The room holds 30
people and has daylight. Breakfast and lunch are included in the price of €310 per person and night.

## Decisions

- The offsite takes place at Hotel Tejo from 14 to 16 April 2026.
- Partners are not invited this year.
- Travel is booked centrally by the office team.

## Budget

| Item | Cost | Share |
| --- | --- | --- |
| Hotel | 28,600 | 59% |
| Travel | 14,100 | 29% |
| Dinner | 5,500 | 12% |
| Total | 48,200 | 100% |

## Next steps

- Ana sends the invitation to everyone by Friday 6 March.
- Tom Baker will book the flights by 13 March.
- Priya prepares the agenda and shares it before the end of March.

## Risks

The flights are the main risk: prices rise quickly after 20 March. If fewer than 18 people come, the hotel charges for
the empty rooms all the same.
"""

PROTOKOLL = """\
# Protokoll der Sitzung vom 3. März 2026

Anwesend waren Frau Dr. Köhler, Herr Yılmaz und Frau Brandt. Die Sitzung begann um 10 Uhr.

## 1. Umzug des Lagers

Der Mietvertrag für das alte Lager endet am 30. Juni 2026. Das neue Lager in Leipzig kostet 18.400 € im Monat, das sind
12 % weniger als bisher. Es wurde einstimmig beschlossen, den Vertrag mit der Firma Nordbau zu unterschreiben.

## 2. Versicherung

Die bisherige Versicherung deckt den Transport nicht. Herr Yılmaz holt bis zum 20. März drei Angebote ein. Ob der
Umzug im Mai stattfindet, ist noch nicht entschieden.

## 3. Nächste Schritte

- Frau Brandt prüft den Vertrag bis Freitag, 13. März.
- Herr Yılmaz klärt die Versicherung.
"""

INFORME = """\
# Informe trimestral de ventas

## Resumen

Las ventas crecieron un 14 % en el primer trimestre y llegaron a 2,3 millones de euros. El objetivo del año sigue siendo
de 9 millones de euros.

## Clientes

La mayoría de los clientes nuevos vino de Portugal. El comité aprobó la apertura de una oficina en Oporto el 1 de junio.

## Próximos pasos

- Lucía preparará el contrato antes del viernes.
- Jorge debe enviar las cifras de marzo a la dirección.
"""

COMPTE_RENDU = """\
# Compte rendu du comité du 2 avril 2026

Le comité s'est réuni à Lyon pour examiner les travaux du siège. Mme Petit présidait la séance.

## Travaux

Le comité a approuvé le budget de 120 000 € pour la rénovation du siège. Le calendrier n'a pas encore été validé.
Les travaux réduisent la consommation d'énergie de 35 %.

## Suite

Mme Petit envoie le contrat au notaire avant le 15 avril.
"""

GIJIROKU = """\
新製品会議の議事録

本日は新製品の発売について話し合いました。新製品の発売日は4月20日に決定しました。価格は1万2千円の予定です。
田中さんは3月末までに資料を準備します。次回の会議は来週の火曜日です。
"""
