// XEP-0004: Data Forms, version 2.13.1; form types by XEP-0068, version 1.3

import xml, { type Element } from "@xmpp/xml";
import { attribute, child, children } from "./element.ts";

export const NS_FORM = "jabber:x:data";

export type FormField = { readonly name: string; readonly values: readonly string[] };
/** `type` is the value of FORM_TYPE, which is not repeated among the fields. */
export type Form = { readonly type?: string; readonly fields: readonly FormField[] };

/** A filled-in form. */
export function buildSubmission(type: string, fields: readonly FormField[]): Element {
  return xml(
    "x",
    { xmlns: NS_FORM, type: "submit" },
    xml("field", { var: "FORM_TYPE", type: "hidden" }, xml("value", {}, type)),
    fields.map(({ name, values }) => {
      return xml(
        "field",
        { var: name },
        values.map((value) => xml("value", {}, value)),
      );
    }),
  );
}

/** The first form inside an element; undefined where there is none. Fields without a name are labels and left out. */
export function parseForm(parent: Element): Form | undefined {
  const form = child(parent, "x", NS_FORM);
  return form && readForm(form);
}

/** All forms inside an element, as XEP-0128 puts them beside the features. */
export function parseForms(parent: Element): readonly Form[] {
  return children(parent, "x", NS_FORM).map(readForm);
}

/** The same fields with some of them answered otherwise; what the form did not ask is added. */
export function answerForm(form: Form, answers: readonly FormField[]): readonly FormField[] {
  const answered = new Set(answers.map(({ name }) => name));
  return [...form.fields.filter(({ name }) => !answered.has(name)), ...answers];
}

function readForm(form: Element): Form {
  const fields = children(form, "field", NS_FORM).flatMap((field) => {
    const name = attribute(field, "var");
    const values = children(field, "value", NS_FORM).map((value) => value.getText());
    return name === undefined ? [] : [{ name, values }];
  });
  const type = fields.find(({ name }) => name === "FORM_TYPE")?.values[0];
  return { ...(type !== undefined && { type }), fields: fields.filter(({ name }) => name !== "FORM_TYPE") };
}
