// Loaded with the first proxy: who has none needs neither library.
export { Forwarder } from './forwarder.ts';
export { Tunnel } from './tunnel.ts';
