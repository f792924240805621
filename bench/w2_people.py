"""W2 by a library of fake people: w2_people.py RECORDS FOLDER faker | mimesis

RECORDS records in three sources about half as many customers, dirtied by hand: one last name in ten written another way,
one name in ten with a slip of the keyboard, 15 % of e-mails, phones and addresses missing.
"""

import datetime
import os
import random
import string
import sys

import pyarrow as pa
import pyarrow.parquet as pq

EPOCH = datetime.datetime(2020, 1, 1)


def faker_person():
    from faker import Faker

    Faker.seed(42)
    fake = Faker("en_US")

    def person():
        return {
            "first_name": fake.first_name(),
            "last_name": fake.last_name(),
            "birth_date": fake.date_of_birth(minimum_age=18, maximum_age=90),
            "sex": random.choice("FM"),
            "email": fake.email(),
            "phone": fake.phone_number(),
            "address_line1": fake.street_address(),
            "city": fake.city(),
            "state": fake.state_abbr(),
            "zip_code": fake.postcode(),
        }

    return person, fake.last_name


def mimesis_person():
    from mimesis import Address, Datetime, Person
    from mimesis.locales import Locale

    someone, place, time = Person(Locale.EN, seed=42), Address(Locale.EN, seed=42), Datetime(seed=42)

    def person():
        return {
            "first_name": someone.first_name(),
            "last_name": someone.last_name(),
            "birth_date": time.date(start=1935, end=2006),
            "sex": random.choice("FM"),
            "email": someone.email(),
            "phone": someone.phone_number(),
            "address_line1": place.address(),
            "city": place.city(),
            "state": place.state(abbr=True),
            "zip_code": place.postal_code(),
        }

    return person, someone.last_name


def slipped(word):
    at = random.randrange(len(word))
    way = random.randrange(3)
    if way == 0:
        return word[: at + 1] + word[at:]
    return word[:at] + ("" if way == 1 else random.choice(string.ascii_lowercase)) + word[at + 1 :]


def record(source, number, customer, last_name):
    row = {"record_id": f"{source}-{number}", **customer}
    if random.random() < 0.1:
        row["last_name"] = last_name()
    for name in ("first_name", "last_name", "address_line1"):
        if random.random() < 0.1:
            row[name] = slipped(row[name])
    for name in ("email", "phone", "address_line1", "city", "zip_code"):
        if random.random() < 0.15:
            row[name] = None
    row["created_at"] = EPOCH + datetime.timedelta(seconds=random.randrange(150_000_000))
    return row


def main(records, folder, library):
    random.seed(42)
    person, last_name = faker_person() if library == "faker" else mimesis_person()
    customers = [person() for _ in range(records // 2)]
    for source, share in (("crm", 0.4), ("erp", 0.3), ("ecommerce", 0.3)):
        rows = [record(source, n, random.choice(customers), last_name) for n in range(round(share * records))]
        path = f"{folder}/raw_{source}_customers"
        os.makedirs(path)
        pq.write_table(pa.Table.from_pylist(rows), f"{path}/part-0.parquet", compression="none")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
