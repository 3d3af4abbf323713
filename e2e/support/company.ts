// What a story needs beforehand, made as its people make it: items, lots received and released, and an
// approved requisition that is being picked. Codes are new each time, so that no story meets another's stock.
import { type Api, type List, type Named } from "./api.js";
import { type ApiOf } from "./test.js";

export interface Item extends Named {
  gtin: string;
  unit: Named;
}

export interface Lot extends Named {
  item: Item;
  status: string;
  expires_on: string | null;
  own_quantity: string;
  version: number;
}

export interface PickLine {
  line_number: number;
  item: Named;
  lot: Named | null;
  proposed_lot: Named | null;
  quantity: string;
  picked_by: { display_name: string } | null;
  substitution_reason: string;
}

export interface Pick {
  id: string;
  number: string;
  lines: PickLine[];
  version: number;
}

/** Something to receive: how much, and until when it can be used. */
export interface Wanted {
  quantity: number;
  expires_on: string;
}

export class Company {
  private made = 0;

  private constructor(
    readonly clerk: Api,
    readonly warehouse: Api,
    readonly quality: Api,
    readonly approver: Api,
    private readonly partner: Named,
    private readonly supplier: Named,
    private readonly operation: Named,
    private readonly piece: Named,
    private readonly mark: string,
  ) {}

  /** Our own people, with a partner who supplies and processes, and an operation; or a known subcontractor and what it does. */
  static async of(apiOf: ApiOf, known?: { subcontractor: string; operation: string }): Promise<Company> {
    const mark = Date.now().toString(36).toUpperCase().slice(-6);
    const clerk = await apiOf("clerk");
    const works = { code: `SUB-${mark}`, name: named(`Works ${mark}`), supplier: true, subcontractor: true, active: true };
    const supplier = await clerk.write<Named>("/partners", works);
    const operation = { code: `OP-${mark}`, name: named(`Grinding ${mark}`), active: true };
    return new Company(
      clerk,
      await apiOf("warehouse"),
      await apiOf("quality"),
      await apiOf("approver"),
      known ? await theOnly<Named>(clerk, "/partners?limit=500", known.subcontractor) : supplier,
      supplier,
      known ? await theOnly<Named>(clerk, "/operations?limit=500", known.operation) : await clerk.write<Named>("/operations", operation),
      await theOnly<Named>(clerk, "/units", "pcs"),
      mark,
    );
  }

  /** The subcontractor's code. */
  get partnerCode(): string {
    return this.partner.code;
  }

  /** A code that nothing has yet. */
  code(start: string): string {
    this.made += 1;
    return `${start}${this.mark}-${this.made}`;
  }

  /** An item in pieces, tracked by lot, with a GTIN; a tool by serial number, with a life of so many uses. */
  async item(kind: "component" | "product" | "packaging" | "tooling" = "component", life_uses?: number): Promise<Item> {
    return this.newItem({ kind, tracking: kind === "tooling" ? "serial" : "lot", life_uses });
  }

  /** A component in pieces that is not tracked by lot. */
  async loose(): Promise<Item> {
    return this.newItem({ kind: "component", tracking: "none" });
  }

  private async newItem(what: { kind: string; tracking: string; life_uses?: number | undefined }): Promise<Item> {
    const code = this.code("IT-");
    return this.clerk.write<Item>("/items", {
      code,
      name: named(`Part ${code}`),
      ...what,
      unit_id: this.piece.id,
      gtin: newGtin(),
      storage_class: "ambient",
      active: true,
    });
  }

  /** Receives a lot into quarantine. */
  async receive(item: Item, wanted: Wanted): Promise<Lot> {
    const { quantity, expires_on } = wanted;
    const line = { item_id: item.id, unit_id: item.unit.id, quantity: String(quantity), expires_on, lot_code: this.code("L") };
    const receipt = { supplier_id: this.supplier.id, delivery_note: this.code("DN-"), lines: [line] };
    await this.warehouse.write("/receipts", receipt);
    return { ...(await theOnly<Lot>(this.quality, `/lots?item_id=${item.id}`, line.lot_code)), item };
  }

  /** Receives pieces of an item that has no lots. */
  async deliver(item: Item, quantity: number): Promise<void> {
    const line = { item_id: item.id, unit_id: item.unit.id, quantity: String(quantity) };
    await this.warehouse.write("/receipts", { supplier_id: this.supplier.id, delivery_note: this.code("DN-"), lines: [line] });
  }

  /** Receives a lot, and quality releases it. */
  async stock(item: Item, wanted: Wanted): Promise<Lot> {
    const lot = await this.receive(item, wanted);
    const decision = { decision: "release", reason: "Certificate and inspection in order" };
    return { ...(await this.quality.write<Lot>(`/lots/${lot.id}/decisions`, decision, lot.version)), item };
  }

  /** A pick task for an order of one piece that needs the given numbers of pieces. */
  async pickTask(needs: readonly Need[]): Promise<Pick> {
    return this.pickFor((await this.openOrder(needs, 1)).id, needs);
  }

  /** An order of so many pieces, its needs picked, issued and confirmed in full by the subcontractor. */
  async atWork(needs: readonly Need[], quantity: number, subcontractor: Api): Promise<Order> {
    const order = await this.openOrder(needs, quantity);
    const issued = needs.filter(({ supply }) => supply === undefined || supply === "tooling");
    const pick = await this.pickFor(order.id, issued);
    for (const { lot, line_number } of pick.lines.map((line) => ({ ...line, lot: line.proposed_lot }))) {
      await this.warehouse.write(`/picks/${pick.id}/scans`, { raw: lot?.code ?? "", capture: "wedge", line_number });
    }
    const note = await this.warehouse.write<Versioned>("/issue-notes", { pick_id: pick.id });
    const delivery = await subcontractor.read<Versioned & { lines: { line_number: number }[] }>(`/portal/deliveries/${note.id}`);
    const counted = delivery.lines.map(({ line_number }) => ({
      line_number,
      good_quantity: pick.lines.find((line) => line.line_number === line_number)?.quantity ?? "0",
      damaged_quantity: "0",
    }));
    await subcontractor.write(`/portal/deliveries/${note.id}/confirmation`, { lines: counted }, delivery.version);
    return order;
  }

  private async pickFor(order_id: string, needs: readonly Need[]): Promise<Pick> {
    const lines = needs.map((need) => ({ item_id: need.item.id, quantity: String(need.quantity) }));
    const requisition = { order_id, needed_on: "2027-06-01", priority: "normal", lines, submit: true };
    const { id, number } = await this.clerk.write<{ id: string; number: string }>("/requisitions", requisition);
    const waiting = await this.approver.read<List<Waiting>>("/approvals?state=pending&limit=500");
    const approval = waiting.items.find(({ document }) => document.id === id);
    if (!approval) throw new Error(`no approval waits for ${number}`);
    await this.approver.decide(approval.id, { decision: "approve" });
    return this.warehouse.write<Pick>("/picks", { requisition_id: id });
  }

  /** An open order of so many pieces. */
  async openOrder(needs: readonly Need[], pieces: number): Promise<Order> {
    const { version, ...order } = await this.draftOrder(needs, pieces);
    await this.clerk.write(`/orders/${order.id}/transitions`, { state: "open" }, version);
    return order;
  }

  /** An order of so many pieces that is still a draft. */
  async draftOrder(needs: readonly Need[], pieces: number): Promise<Order & Versioned> {
    const product = await this.item("product");
    const made = { product_id: product.id, operation_id: this.operation.id };
    const usage = needs.map(({ item, quantity, net, loss_norm_percent, supply }) => ({
      component_id: item.id,
      supply: supply ?? "consigned",
      net_usage: String((net ?? quantity) / pieces),
      loss_norm_percent: loss_norm_percent ?? "0",
    }));
    const bom = await this.clerk.write<Versioned>("/boms", { ...made, revision: "A", base_quantity: "1", lines: usage });
    await this.clerk.write(`/boms/${bom.id}/transitions`, { state: "active" }, bom.version);
    const wanted = { ...made, partner_id: this.partner.id, quantity: String(pieces), due_on: "2027-06-30" };
    const { id, number, version } = await this.clerk.write<Versioned & { number: string }>("/orders", wanted);
    return { id, number, version, product };
  }
}

/** So many pieces of an item. */
export interface Need {
  item: Item;
  quantity: number;
  /** What of it becomes product; all of it when absent. */
  net?: number;
  /** Loss norm that makes up the rest. */
  loss_norm_percent?: string;
  /** Who provides it; we do when absent. */
  supply?: "supplier_sourced" | "drop_shipped" | "tooling";
}

export interface Order {
  id: string;
  number: string;
  product: Item;
}

interface Versioned {
  id: string;
  version: number;
}

interface Waiting {
  id: string;
  document: { id: string };
}

/** The thing of a list that bears a code. */
export async function theOnly<T extends Named>(api: Api, path: string, code: string): Promise<T> {
  const { items } = await api.read<List<T>>(path);
  const found = items.find((item) => item.code === code);
  if (!found) throw new Error(`${path} has no ${code}`);
  return found;
}

function named(name: string): { zh: string; en: string } {
  return { zh: name, en: name };
}

/** A GTIN of 14 digits out of the range for use within a company, with its check digit. */
function newGtin(): string {
  const digits = `0200${Math.floor(Math.random() * 1e9).toString().padStart(9, "0")}`;
  const sum = [...digits].reduce((sum, digit, place) => sum + Number(digit) * (place % 2 === 0 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
