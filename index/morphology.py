"""Forms of a word that no stemmer brings together: «reçoivent» and «recevoir», «gardent» and «garder».

Snowball leaves French verbs in the third person plural apart and knows no irregular ones. A form is looked up in a
short table of the commonest irregular verbs, then by what is left without one of the endings. Folded words only.
"""

from __future__ import annotations

from collections.abc import Iterator

SHORTEST = 4
"""Letters that must be left of a word without its ending."""

_SPELT_ENDINGS = """
erions eriez eront erons erez erais erait eraient erai eras era irions iriez iront irons irez irais irait iraient
irai iras ira issaient issais issait issons issez issent issant isse aient ais ait ions iez ons ez ent es e er ir
re oir a ai as ant ante ants antes rai ra ras rons rez ront rais rait raient ee ees i ie ies is u us ue ues eur
eurs euse euses ement ment age ages ation ations tion
"""
_ENDINGS = sorted(_SPELT_ENDINGS.split(), key=len, reverse=True)

_IRREGULAR = """
aller va vas vais vont allons allez ira iront irait allait
venir viens vient viennent vienne venu venue venus viendra viendront
devenir deviens devient deviennent devenu devenue
tenir tiens tient tiennent tenu tenue tiendra
pouvoir pourra pourrait pourront pu puisse
vouloir veux veut veulent voudra voudrait voudrais voulu
devoir dois doit doivent devra devrait
savoir sais sait savent saura saurait
voir vois voit voient verra verrait vu vue vus
prevoir prevoit prevoient prevu prevue
prendre prends prend prennent prenne pris prise prises
apprendre apprends apprend apprennent appris apprise
comprendre comprends comprend comprennent compris comprise
mourir meurs meurt meurent
recevoir recois recoit recoivent recevra recevrai recu recue recus
boire bois boit boivent
ecrire ecris ecrit ecrivent ecrite ecrits
lire lis lit lisent
dire dit disent dites
vivre vis vit vivent vecu
suivre suit suivent suivi suivie
mettre mets met mettent mise
permettre permet permettent permis
perdre perds perd perdent perdu perdue perdus perdues
vendre vends vend vendent vendu
rendre rends rend rendent rendu
attendre attends attend attendent attendu
repondre reponds repond repondent repondu
entendre entends entend entendent entendu
dormir dors dort dorment
partir pars part partent
sortir sors sort sortent
sentir sens sent sentent
servir sert servent servi
courir court courent couru
payer paie paient paye payent
envoyer envoie envoient
essayer essaie essaient essaye
appeler appelle appellent
jeter jette jettent
acheter achete achetent
craindre crains craint craignent crainte
plaindre plaint plaignent
ouvrir ouvre ouvrent ouvert ouverte
offrir offre offrent offert
souffrir souffre souffrent souffert
conduire conduit conduisent
construire construit construisent construite
connaitre connais connait connaissent connu
croire crois croit croient
fuir fuit fuient fui
naitre nait naissent ne
"""
_INFINITIVE = {form: line.split()[0] for line in _IRREGULAR.strip().splitlines() for form in line.split()[1:]}


def infinitive(word: str) -> str | None:
    """The infinitive of a form of an irregular verb."""
    return _INFINITIVE.get(word)


def roots(word: str) -> Iterator[str]:
    """What is left of a word without each ending it could have, the word itself last."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            yield word[: -len(ending)]
    yield word
