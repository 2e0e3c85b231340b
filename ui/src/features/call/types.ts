import type { Answer } from "../../api/client";

type Element<T> = NonNullable<T> extends readonly (infer E)[] ? NonNullable<E> : never;

export type Call = Answer<"/v1/calls/{id}", "get">;
export type Turn = Element<Call["turns"]>;
export type ToolCall = Element<Call["tool_calls"]>;
export type Interruption = Element<Call["interruptions"]>;
export type Recording = Element<Call["recordings"]>;
export type LatencyStats = Element<Call["latency"]>;
export type Cost = NonNullable<Call["cost"]>;
export type Analysis = NonNullable<NonNullable<Call["analysis"]>["provider"]>;
export type Measured = NonNullable<NonNullable<Call["analysis"]>["measured"]>;
export type Acoustics = NonNullable<NonNullable<Call["analysis"]>["audio"]>;
export type Summary = NonNullable<Call["summary"]>;
export type Sentiment = NonNullable<Call["sentiment"]>;
export type Quality = NonNullable<Call["quality"]>;
export type QualityPart = Element<Quality["parts"]>;
export type Score = Element<Call["scores"]>;
export type Finding = Element<Call["findings"]>;
export type Usage = NonNullable<Call["judge"]>;
export type Step = Element<Call["pipeline"]>;
export type Latency = NonNullable<Turn["latency"]>;
export type LogEntry = Element<Answer<"/v1/calls/{id}/log", "get">["entries"]>;
export type Delivery = Element<Answer<"/v1/calls/{id}/raw", "get">["deliveries"]>;
export type Note = Element<Answer<"/v1/calls/{id}/notes", "get">["notes"]>;
