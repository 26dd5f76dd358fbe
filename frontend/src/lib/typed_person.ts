/** What the form of a person holds: what is known of them anywhere, and who they are in one opportunity. */
import type { ChannelCode, Contact, ContactChange, NewPerson, OpportunityPerson, RoleCode } from "../api/types";

export type TypedPerson = {
  name: string;
  email: string;
  phone: string;
  linkedin: string;
  postalAddress: string;
  preferred: ChannelCode | "";
  doNotContact: boolean;
  roles: RoleCode[];
  pointOfContact: boolean;
  connected: boolean;
};

type Known = Pick<Contact, "name" | "email" | "phone" | "linkedin" | "postal_address" | "preferred_channel" | "do_not_contact">;
type Place = Pick<OpportunityPerson, "roles" | "point_of_contact" | "connected">;

export const nobodyYet = (): TypedPerson => ({
  name: "",
  email: "",
  phone: "",
  linkedin: "",
  postalAddress: "",
  preferred: "",
  doNotContact: false,
  roles: [],
  pointOfContact: false,
  connected: false,
});

export const typedPerson = (contact: Known, place: Place): TypedPerson => ({
  name: contact.name,
  email: contact.email ?? "",
  phone: contact.phone ?? "",
  linkedin: contact.linkedin ?? "",
  postalAddress: contact.postal_address ?? "",
  preferred: contact.preferred_channel ?? "",
  doNotContact: contact.do_not_contact,
  roles: [...place.roles],
  pointOfContact: place.point_of_contact,
  connected: place.connected,
});

export const contactChange = (typed: TypedPerson): ContactChange => ({
  name: typed.name,
  email: typed.email || null,
  phone: typed.phone || null,
  linkedin: typed.linkedin || null,
  postal_address: typed.postalAddress || null,
  preferred_channel: typed.preferred || null,
  do_not_contact: typed.doNotContact,
});

export const placeOf = (typed: TypedPerson) => ({
  roles: typed.roles,
  point_of_contact: typed.pointOfContact,
  connected: typed.connected,
});

/** Somebody who was not there: found again by e-mail, else new. What is left empty is not said. */
export function newPerson(typed: TypedPerson): NewPerson {
  const given = Object.entries(contactChange(typed)).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(given), ...placeOf(typed) };
}

export const samePlace = (one: Place, other: Place) => JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));

const ordered = (place: Place) => [[...place.roles].sort(), place.point_of_contact, place.connected];
