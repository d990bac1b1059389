import { expect, it } from 'vitest';
import { pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

it('a reader who left is no reader, and can be added again', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  const add = () => pipeline.subscribe('email', ['ann@example.com']);
  const readers = async () => (await pipeline.status()).subscribers.map(({ endpoint, state }) => `${endpoint} ${state}`);
  expect(await add()).toMatchObject([{ state: 'pending', added: true }]);
  expect(await add()).toMatchObject([{ state: 'pending' }]);
  aws.world.sns.confirm('ann@example.com');
  expect(await readers()).toEqual(['ann@example.com confirmed']);
  aws.world.sns.unsubscribe('ann@example.com');
  expect(await readers()).toEqual([]);
  expect(await add()).toMatchObject([{ state: 'pending', added: true }]);
  expect(await readers()).toEqual(['ann@example.com pending']);
});
