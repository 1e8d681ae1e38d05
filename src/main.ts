import { mount } from 'svelte';
import App from './app/App.svelte';
import './app/base.css';
import './app/tokens.css';
import { connectAnalysis } from './client/analysis';
import { fetchSample, loadSamples } from './client/samples';
import { AppState } from './state/app-state.svelte';
import { appContext } from './state/context';

const app = new AppState({ analyser: connectAnalysis(), loadSamples, fetchSample, window });

mount(App, { target: document.getElementById('app')!, context: appContext(app) });
