/**
 * How long the function's clients wait for AWS, in ms: 2 s for a connection, 5 s for the answer. Without
 * `throwOnRequestTimeout` the SDK would only warn.
 */
export const patience = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
