import type { Answer } from "../../api/client";

type NonNull<T> = T extends null | undefined ? never : T;

export type CallPage = Answer<"/v1/calls", "get">;
export type CallItem = NonNull<CallPage["items"]>[number];
export type Match = NonNull<CallItem["matches"]>[number];
export type Facets = Answer<"/v1/calls/facets", "get">;
export type Histogram = Answer<"/v1/calls/histogram", "get">;
export type Bucket = NonNull<Histogram["buckets"]>[number];
export type Health = Answer<"/v1/health", "get">;
export type View = NonNull<Answer<"/v1/views", "get">["items"]>[number];
export type CallDetail = Answer<"/v1/calls/{id}", "get">;
