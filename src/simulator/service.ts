import type { Input, Operation, Output, ServiceName } from '../provision/aws/operation.ts';
import type { World } from './world.ts';

/** One simulated operation. It runs at one instant: its effect is whole or, when it throws an AwsError, absent. */
export interface Simulated<I, O> {
  /** The input members that are modelled; a call with any other is refused, so that nothing is silently ignored. */
  takes: readonly (keyof I & string)[];
  /** `world.now()` is the instant of the effect. May be async only for a step that runs `world.clock.exclusively`. */
  run(input: I, world: World): O | Promise<O>;
  /** Gives the caller's copy of the answer what cannot be copied: the methods of a body. */
  present?(answer: O): O;
}

type NameIn<S extends ServiceName> = Operation extends infer O ? (O extends `${S}:${infer N}` ? N : never) : never;

/** All operations of a service that the tool calls, by SDK name; leaving one out does not compile. */
export type SimulatedService<S extends ServiceName> = {
  [N in NameIn<S>]: Simulated<Input<`${S}:${N}` & Operation>, Omit<Output<`${S}:${N}` & Operation>, '$metadata'>>;
};
