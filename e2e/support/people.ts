// The people of the demonstration company.

export const PASSWORD = "lotline-demo";

export const MAKERS = ["clerk", "warehouse", "approver", "quality", "manager", "auditor", "admin"] as const;
export const SUBCONTRACTORS = ["portal-machining", "portal-anodising", "portal-sterile"] as const;

export type Person = (typeof MAKERS)[number] | (typeof SUBCONTRACTORS)[number];

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };

/** A subcontractor has a phone, everybody else a desk. */
export function viewportOf(person: Person): { width: number; height: number } {
  return person.startsWith("portal-") ? PHONE : DESK;
}
