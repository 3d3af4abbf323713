// A person's way to the server without a browser: what a story needs beforehand, and what it reads back.
import { randomUUID } from "node:crypto";
import { expect, type APIRequestContext } from "@playwright/test";
import { PASSWORD, type Person } from "./people.js";

/** What is referred to by identifier. */
export interface Named {
  id: string;
  code: string;
}

export interface List<T> {
  items: T[];
}

/** What is signed by deciding. */
interface Signable {
  record: { digest: string };
}

export async function signIn(context: APIRequestContext, person: Person): Promise<void> {
  const answer = await context.post("/api/v1/sessions", { data: { login: person, password: PASSWORD } });
  expect(answer.status(), `${person} signs in`).toBe(201);
}

export class Api {
  constructor(
    private readonly context: APIRequestContext,
    private readonly person: Person,
  ) {}

  async read<T>(path: string): Promise<T> {
    const answer = await this.context.get(`/api/v1${path}`);
    expect(answer.status(), `${path}: ${await answer.text()}`).toBe(200);
    return (await answer.json()) as T;
  }

  /** Writes what must be taken; a thing that is changed needs the version that was read. */
  async write<T>(path: string, data: object, version?: number): Promise<T> {
    const answer = await this.send(path, data, version);
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as T;
  }

  /** Decides on an approval, signed with the password. */
  async decide(approval: string, decision: object): Promise<void> {
    const { record } = await this.read<Signable>(`/approvals/${approval}`);
    await this.act(`/approvals/${approval}/decisions`, { ...decision, signature: this.signature(record.digest) });
  }

  /** That it is them, on a record. */
  private signature(record: string): object {
    return { record, proof: { method: "password", login: this.person, password: PASSWORD } };
  }

  /** Does what has nothing to answer. */
  async act(path: string, data: object): Promise<void> {
    const answer = await this.send(path, data);
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  }

  /** Replaces a thing as it was read. */
  async replace(path: string, data: object, version: number): Promise<void> {
    const headers = { "Idempotency-Key": randomUUID(), "If-Match": `"${version}"` };
    const answer = await this.context.put(`/api/v1${path}`, { data, headers });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  }

  /** The code with which the server refuses what must not be taken. */
  async refusal(path: string, data: object): Promise<string> {
    const answer = await this.send(path, data);
    expect(answer.ok(), `${path} is refused`).toBe(false);
    return ((await answer.json()) as { code: string }).code;
  }

  private send(path: string, data: object, version?: number) {
    const headers: Record<string, string> = { "Idempotency-Key": randomUUID() };
    if (version !== undefined) headers["If-Match"] = `"${version}"`;
    return this.context.post(`/api/v1${path}`, { data, headers });
  }
}
