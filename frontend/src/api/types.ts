/** The API's nouns, by the names of the OpenAPI document. */
import type { components } from "./generated/schema";

type Schemas = components["schemas"];

export type Action = Schemas["Action"];
export type Answer = Schemas["NextActions"];
export type Citation = Schemas["Citation"];
export type ComparedObligation = Schemas["ComparedObligation"];
export type ComparedPlaybook = Schemas["ComparedPlaybook"];
export type Comparison = Schemas["Comparison"];
export type Contact = Schemas["Contact"];
export type ContactChange = Schemas["ContactChange"];
export type Hold = Schemas["Hold"];
export type InterviewChange = Schemas["InterviewChange"];
export type Interview = Schemas["Interview"];
export type Me = Schemas["Me"];
export type NewInterview = Schemas["NewInterview"];
export type NewOutcome = Schemas["NewOutcome"];
export type NewPerson = Schemas["NamedPerson"];
export type NewTouch = Schemas["NewTouch"];
export type Opportunity = Schemas["Opportunity"];
export type OpportunityChange = Schemas["OpportunityChange"];
export type OpportunityPerson = Schemas["OpportunityPerson"];
export type OpportunityTimeline = Schemas["OpportunityTimeline"];
export type PlaybookLine = Schemas["PlaybookLine"];
export type Problem = Schemas["Problem"];
export type SignIn = Schemas["SignInRequest"];
export type SignUp = Schemas["SignUp"];
export type Touch = Schemas["Touch"];
export type TouchChange = Schemas["TouchChange"];
export type Window = Schemas["Window"];

export type ChannelCode = NonNullable<NewTouch["channel"]>;
export type FormatCode = Interview["format"];
export type OutcomeCode = NewOutcome["status"];
export type RoleCode = NonNullable<NewPerson["roles"]>[number];
