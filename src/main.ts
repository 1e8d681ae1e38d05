import { mount } from 'svelte';
import App from './app/App.svelte';
import './app/base.css';
import './app/tokens.css';
import { connectAnalysis } from './client/analysis';
import { fetchSample, loadSamples } from './client/samples';
import { AppState } from './state/app-state.svelte';
import { appContext } from './state/context';

/** What nothing works without, and browsers lack that can otherwise run this script. */
const NEEDS: [name: string, present: boolean][] = [
  ['background workers', 'Worker' in window],
  ['off-screen drawing', 'OffscreenCanvas' in window],
];

const target = document.getElementById('app')!;
const missing = NEEDS.filter(([, present]) => !present).map(([name]) => name);
if (missing.length > 0) {
  target.textContent = `Filterscope needs a newer browser: this one lacks ${missing.join(' and ')}.`;
} else {
  const app = new AppState({ analyser: connectAnalysis(), loadSamples, fetchSample, window });
  target.replaceChildren();
  mount(App, { target, context: appContext(app) });
}
