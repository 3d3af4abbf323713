// Approval flows made without the designer, for stories that are about what goes through them.
import { type Api, type List } from "./api.js";
import { type Company, type Item } from "./company.js";

export interface FlowPerson {
  id: string;
  display_name: string;
}

export interface Asked {
  id: string;
  document: { id: string; number: string };
}

interface Versions {
  id: string;
  version: number;
  versions: { id: string; version: number; state: string; version_number: number }[];
}

/** What is said of a step at which one person decides. */
interface Task {
  /** A time, after which others are asked as well. */
  due?: { hours: number; escalate_to: object[] };
  /** What the signature means; approval when absent. */
  meaning?: string;
}

/** One step at which one person approves. */
export function step(person: FlowPerson, task: Task = {}): object {
  const who = [{ kind: "person", person_id: person.id }];
  const act = { kind: "approve", who, quorum: { kind: "one" }, meaning: "approval", ...task };
  return { key: "decide", name: { zh: "审批", en: "Approval" }, act };
}

/** One step at which the subcontractor's people sign. */
export function countersigning(meaning: string): object {
  const act = { kind: "countersign", who: [{ kind: "subcontractor" }], quorum: { kind: "one" }, meaning };
  return { key: "countersign", name: { zh: "受托方签署", en: "Subcontractor" }, act };
}

/** Which documents go through a flow. */
export interface Documents {
  document_kind: string;
  condition: object;
}

/** A flow drawn by the administrator and published by the manager. */
export class DrawnFlow {
  private constructor(
    private readonly admin: Api,
    private readonly manager: Api,
    private flow: Versions,
    private readonly condition: object,
  ) {}

  /** For requisitions of at least so many pieces. */
  static async publish(people: [Api, Api], name: string, steps: object[], least: number): Promise<DrawnFlow> {
    const condition = { kind: "number", fact: "quantity", is: "at_least", than: String(least) };
    return DrawnFlow.publishFor({ document_kind: "requisition", condition }, people, name, steps);
  }

  /** For documents of any kind. */
  static async publishFor(
    { document_kind, condition }: Documents,
    [admin, manager]: [Api, Api],
    name: string,
    steps: object[],
  ): Promise<DrawnFlow> {
    const draft = { document_kind, name: { zh: name, en: name }, drawing: { steps }, condition };
    const made = new DrawnFlow(admin, manager, await admin.write<Versions>("/approval-flows", draft), condition);
    await made.publishDraft();
    await made.move(1, true);
    return made;
  }

  /** Another version takes its place; what is under way stays on the one before. */
  async change(steps: object[]): Promise<void> {
    this.flow = await this.admin.write<Versions>(`/approval-flows/${this.flow.id}/versions`, {});
    const draft = this.flow.versions.find(({ state }) => state === "draft");
    if (!draft) throw new Error("no draft");
    const content = { drawing: { steps }, condition: this.condition, change_note: "Another approver" };
    await this.admin.replace(`/approval-flow-versions/${draft.id}`, content, draft.version);
    await this.publishDraft();
  }

  /** Takes it out of use, so that other stories go their own way. */
  async end(): Promise<void> {
    await this.move(900, false);
  }

  private async move(position: number, active: boolean): Promise<void> {
    const { version } = await this.admin.read<Versions>(`/approval-flows/${this.flow.id}`);
    const name = { zh: `Story ${position}`, en: `Story ${position}` };
    await this.admin.replace(`/approval-flows/${this.flow.id}`, { name, position, active }, version);
  }

  private async publishDraft(): Promise<void> {
    this.flow = await this.admin.read<Versions>(`/approval-flows/${this.flow.id}`);
    const draft = this.flow.versions.find(({ state }) => state === "draft");
    if (!draft) throw new Error("no draft");
    await this.admin.write(`/approval-flow-versions/${draft.id}/transitions`, { state: "pending" }, draft.version);
    const waiting = await this.manager.read<List<Asked>>("/approvals?state=pending&limit=500");
    const approval = waiting.items.find(({ document }) => document.id === this.flow.id);
    if (!approval) throw new Error("the flow does not wait");
    await this.manager.decide(approval.id, { decision: "approve" });
  }
}

/** A requisition of so many pieces that was submitted. */
export async function requested(company: Company, item: Item, quantity: number): Promise<{ id: string; number: string }> {
  const order = await company.openOrder([{ item, quantity }], 1);
  const lines = [{ item_id: item.id, quantity: String(quantity) }];
  const wanted = { order_id: order.id, needed_on: "2027-06-01", priority: "normal", lines, submit: true };
  return company.clerk.write("/requisitions", wanted);
}

export const stateOf = async (api: Api, document: { id: string }): Promise<string> =>
  (await api.read<{ approval_state: string }>(`/requisitions/${document.id}`)).approval_state;

/** Somebody of the maker's, by name. */
export async function personOf(api: Api, name: string): Promise<FlowPerson> {
  const people = await api.read<List<FlowPerson>>("/people?limit=500");
  const found = people.items.find(({ display_name }) => display_name === name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
}
