/** A person is two things to the server: a contact, the same everywhere, and a place in one opportunity. Both are kept. */
import { changeContact, readContact } from "../api/contacts";
import { etagOf } from "../api/http";
import { changeOpportunity, readOpportunity } from "../api/opportunities";
import type { Contact, ContactChange, NewPerson, Opportunity, OpportunityPerson } from "../api/types";
import { Editing } from "./editing.svelte";
import { contactChange, newPerson, placeOf, samePlace, typedPerson, type TypedPerson } from "./typed_person";

const named = (person: OpportunityPerson): NewPerson => ({ contact_id: person.contact_id });

/** Adds somebody to whoever is there by now. */
export async function addPerson(opportunityId: string, typed: TypedPerson): Promise<Opportunity> {
  const latest = await readOpportunity(opportunityId);
  const people = [...latest.people.map(named), newPerson(typed)];
  return changeOpportunity(opportunityId, { people }, etagOf(latest));
}

/** Takes somebody out; refused where they took part or were written to. */
export async function leaveOut(opportunityId: string, contactId: string): Promise<Opportunity> {
  const latest = await readOpportunity(opportunityId);
  const people = latest.people.filter((each) => each.contact_id !== contactId).map(named);
  return changeOpportunity(opportunityId, { people }, etagOf(latest));
}

export class PersonEditing {
  readonly #contact: Editing<Contact, ContactChange>;
  readonly #place: Editing<Opportunity, TypedPerson>;
  // The opportunity as it was last read: nobody who is in it by now is left out.
  #latest: Opportunity | undefined;

  constructor(
    opportunityId: string,
    private readonly contactId: string,
  ) {
    this.#contact = new Editing(null, {
      read: () => readContact(contactId),
      write: (change, ifMatch) => changeContact(contactId, change, ifMatch),
    });
    this.#place = new Editing(null, {
      read: async () => (this.#latest = await readOpportunity(opportunityId)),
      write: async (typed, ifMatch) => {
        const people = this.#latest?.people.map((each) => ({ ...named(each), ...(this.#isThis(each) ? placeOf(typed) : {}) }));
        return (this.#latest = await changeOpportunity(opportunityId, { people: people ?? [] }, ifMatch));
      },
    });
  }

  open = async (): Promise<TypedPerson> => {
    const [contact, opportunity] = await Promise.all([this.#contact.open(), this.#place.open()]);
    return typedPerson(contact, this.#placeIn(opportunity));
  };

  save = async (typed: TypedPerson): Promise<void> => {
    await this.#contact.save(contactChange(typed));
    const place = this.#latest && this.#placeIn(this.#latest);
    if (this.#place.theirs || (place && !samePlace(place, { ...place, ...placeOf(typed) }))) await this.#place.save(typed);
  };

  /** Their version beside what is typed, while a choice is wanted. */
  theirs(typed: TypedPerson): TypedPerson | null {
    const [contact, opportunity] = [this.#contact.theirs, this.#place.theirs];
    if (contact) return { ...typed, ...typedPerson(contact, { ...placeOf(typed) }) };
    return opportunity && { ...typed, ...fromPlace(this.#placeIn(opportunity)) };
  }

  settle(): void {
    this.#contact.theirs = null;
    this.#place.theirs = null;
  }

  #isThis = (each: OpportunityPerson) => each.contact_id === this.contactId;

  #placeIn(opportunity: Opportunity): Pick<OpportunityPerson, "roles" | "point_of_contact" | "connected"> {
    return opportunity.people.find(this.#isThis) ?? { roles: [], point_of_contact: false, connected: false };
  }
}

const fromPlace = (place: Pick<OpportunityPerson, "roles" | "point_of_contact" | "connected">) => ({
  roles: [...place.roles],
  pointOfContact: place.point_of_contact,
  connected: place.connected,
});
