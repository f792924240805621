"""How names and characters are mistaken for others: derived by rule from the lists of names, and tables written here."""

# Spellings that sound alike, a selection of the rules of A. Pudjijono (Australian National University, 2008) as used by
# GeCo and pseudopeople: where in the word, what stands there, what is heard.
SOUNDS = """
start: ph f,f ph,kn n,wr r,mac mc,mc mac,ch c,c k,k c,g j,je ge,x z,sch sh,sh sch,qu kw,cz ch,th t,ps s
end: y ie,ie y,ey y,y ey,ee y,i y,er ar,ar er,or er,er or,son sen,sen son,sson son,ck k,k ck,tt t,tt tte,ll l,el ell,nn n,an ann,ss s
end: ez es,es ez,is ys,ys is,ine een,een ine,a ah,th t,ff f,gh g,in yn,yn in,an en,en an,on en,man mann,mann man,ski sky,sky ski
middle: ph f,ck k,k ck,ie ei,ei ie,ee ea,ea ee,ai ay,ay ai,ou ow,ow ou,au aw,aw au,oo u,i y,y i,s z,z s,c k,c s,ks x,x ks,dge ge
middle: ll l,nn n,tt t,ss s,rr r,mm m,pp p,dd d,bb b,gg g,ff f,th t,ae e,tch ch,sch sh,gh g,rh r,v w,e a
between: l ll,n nn,t tt,r rr,m mm,p pp,d dd
"""

VOWELS = "aeiouy"

ACCENTED = """
José,María,André,Andrés,Ángel,Jesús,Martín,Víctor,Raúl,Héctor,Óscar,Rubén,Adrián,Sebastián,Iván,César,Julián,Fabián,Nicolás
Tomás,Joaquín,Benjamín,Simón,René,Renée,Noël,Zoë,Chloé,Desirée,Mónica,Verónica,Sofía,Lucía,Inés,Belén,Ángela,Bárbara,Cecilia
Estefanía,Rocío,Ramón,Agustín,Germán,Efraín,Hernán,Noé,Moisés,Matías,Elías,Damián,Darío,Félix,Gastón,Jonás,Josué,Mateo
García,Martínez,Hernández,López,González,Pérez,Sánchez,Ramírez,Gómez,Díaz,Vásquez,Vázquez,Jiménez,Álvarez,Gutiérrez,Fernández
Rodríguez,Domínguez,Velázquez,Núñez,Peña,Muñoz,Ibáñez,Ordóñez,Quiñones,Castañeda,Suárez,Méndez,Meléndez,Cortés,Cortéz,Chávez
Juárez,Galván,Beltrán,Durán,Guzmán,Román,Marín,León,Calderón,Rincón,Ríos,Mejía,Macías,Frías,Farías,Ávila,Águilar,Cárdenas
Valdés,Valdéz,Hinojosa,Zúñiga,Magaña,Saldaña,Orduña,Acuña,Treviño,Patiño,Montaño,Carreño,Cedeño,Briseño,Avilés,Solís,Báez,Sáenz
Müller,Schäfer,Köhler,Böhm,Krüger,Lévesque,Bélanger,Gagné,Côté,Lefèbvre,Françoise,François,Brontë
"""

# Keys that touch one another, diagonals too; a row is shifted by half a key against the one above it.
KEYS = ["`1234567890-=", " qwertyuiop[]", " asdfghjkl;'", " zxcvbnm,./"]
SHIFTED = ["~!@#$%^&*()_+", " QWERTYUIOP{}", ' ASDFGHJKL:"', " ZXCVBNM<>?"]
BESIDE_SPACE = "cvbnm"

# Characters that scanners take for one another, from the list that comes with GeCo (febrl) and pseudopeople.
SCANNED = """
5 S,2 Z,1 l,1 I,l I,6 G,g q,9 g,9 q,B 8,A 4,0 O,0 D,O Q,O D,o 0,m rn,n h,u v,h b,e c,o c,a o,i j,l t,f t,d cl,w vv,n ri,y v,r n,s 5
E F,P R,U V,C G,I J,M H,N H,K X,T I,q 4,z 2,b 6,t 7,x k,k lc,p d,7 T,3 8,V Y,W M,L I,S 8,R K,H N,F P,G 6,D O,Z 2,J I,X K,Y V,j i,v u,c e
"""


def given_variants(names: list[str], nicknames: list[list]) -> list[list]:
    """For each name how many nicknames it has and up to three, and what `sound_variants` gives."""
    short = {}
    for name, nickname, weight in nicknames:
        short.setdefault(name, []).append((-int(weight), nickname))
    nicks = [[nick for _, nick in sorted(short.get(name, []))][:3] for name in names]
    return [[len(some), *padded(some, 3), *rest] for some, rest in zip(nicks, sound_variants(names))]


def sound_variants(names: list[str]) -> list[list]:
    """For each name how many spellings that sound alike and up to two, and its number among the accented names or 0."""
    with_accent = {plain(word): row for row, (word,) in enumerate(accented_names(), 1)}
    rows = []
    for name in names:
        sounds = sound_alikes(name)[:2]
        rows.append([len(sounds), *padded(sounds, 2), with_accent.get(name, 0)])
    return rows


def accented_names() -> list[list]:
    return [[word] for word in dict.fromkeys(entries(ACCENTED)) if plain(word) != word]


def padded(words: list[str], count: int) -> list[str]:
    """As many words as asked; where there are fewer, a mark that nothing reads."""
    return [words[i] if i < len(words) else "?" for i in range(count)]


def sound_alikes(name: str) -> list[str]:
    """Names that sound alike, one rule applied at one place, in the order of the rules."""
    found = []
    word = name.lower()
    for place, old, new in sound_rules():
        for at in range(len(word) - len(old) + 1):
            start, end = at == 0, at + len(old) == len(word)
            inner = not start and not end
            vowels = inner and word[at - 1] in VOWELS and word[at + len(old)] in VOWELS
            here = {"start": start, "end": end and not start, "middle": inner, "between": vowels}[place]
            if not here or word[at : at + len(old)] != old:
                continue
            heard = word[:at] + new + word[at + len(old) :]
            if doubled(heard) and not doubled(word):
                continue
            spelt = capitals_of(name, heard, (at, at + len(new)))
            if len(heard) >= 3 and spelt != name and spelt not in found:
                found.append(spelt)
    return found


def doubled(word: str) -> bool:
    return any(a == b == c for a, b, c in zip(word, word[1:], word[2:]))


def capitals_of(name: str, heard: str, changed: tuple[int, int]) -> str:
    """The new word with the name's capitals before and behind the change, and a capital first."""
    start, end = changed
    shift = len(heard) - len(name)
    upper = [at == 0 or (at < start and name[at].isupper()) or (at >= end and name[at - shift].isupper()) for at in range(len(heard))]
    return "".join(letter.upper() if high else letter for letter, high in zip(heard, upper))


def sound_rules() -> list[tuple[str, str, str]]:
    lines = [line.split(": ") for line in SOUNDS.strip().splitlines()]
    return [(place, *rule.split(" ")) for place, rules in lines for rule in rules.split(",")]


def keyboard() -> list[list]:
    """For each ASCII code the keys around its own; 127 stands for all other characters."""
    around = {}
    for rows in (KEYS, SHIFTED):
        for y, row in enumerate(rows):
            for x, key in enumerate(row):
                if key == " ":
                    continue
                near = [rows[b][a] for b in (y - 1, y, y + 1) for a in (x - 1, x, x + 1) if 0 <= b < len(rows) and 0 <= a < len(rows[b])]
                letters = [each for each in near if each not in (" ", key) and each.isalnum() == key.isalnum()]
                around[key] = "".join(letters or [each for each in near if each not in (" ", key)])
    around[" "] = BESIDE_SPACE
    keys = [around.get(chr(code), "aeiou") for code in range(128)]
    return [[code, len(each), each] for code, each in enumerate(keys)]


def scanner() -> list[list]:
    """For each ASCII code how many readings a scanner takes it for, and up to three of them."""
    read = {}
    for pair in entries(SCANNED):
        a, b = pair.split(" ")
        read.setdefault(a, []).append(b)
        if len(b) == 1 and a not in read.setdefault(b, []):
            read[b].append(a)
    rows = []
    for code in range(128):
        readings = list(dict.fromkeys(read.get(chr(code), [])))[:3]
        rows.append([code, len(readings), *padded(readings, 3)])
    return rows


def entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.strip().replace("\n", ",").split(",")]


PLAIN = str.maketrans("áéíóúñäöüëèêôçÁÉÍÓÚ", "aeiounaoueeeocAEIOU")


def plain(word: str) -> str:
    return word.translate(PLAIN)
