import type { QueryClient } from "@tanstack/react-query";
import {
	createRootRouteWithContext,
	createRoute,
	createRouter,
	lazyRouteComponent,
	redirect,
} from "@tanstack/react-router";
import { signedOut } from "./api/client";
import { sessionQuery, setupQuery } from "./api/session";
import { validateAgentSearch, validateAgentsSearch } from "./features/agents/search";
import { validateAlertsSearch } from "./features/alerts/search";
import { validateCallSearch } from "./features/call/search";
import { validateCallsSearch } from "./features/calls/search";
import { validateEvaluationsSearch } from "./features/evaluations/search";
import { RouteError } from "./features/frame/RouteError";
import { RouteMissing } from "./features/frame/RouteMissing";
import { RoutePending } from "./features/frame/RoutePending";
import { validateGapsSearch } from "./features/gaps/search";
import { validateLiveSearch } from "./features/live/search";
import { validateSignInSearch } from "./features/session/search";
import { validateSettingsSearch } from "./features/settings/search";
import { validateSetupSearch } from "./features/setup/search";

interface Context {
	queryClient: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: RouteMissing });

const setup = createRoute({
	getParentRoute: () => root,
	path: "/setup",
	validateSearch: validateSetupSearch,
	component: lazyRouteComponent(() => import("./features/setup/route"), "SetupRoute"),
});

const signin = createRoute({
	getParentRoute: () => root,
	path: "/signin",
	validateSearch: validateSignInSearch,
	component: lazyRouteComponent(() => import("./features/session/route"), "SignInRoute"),
});

/** Everything that needs a person: no session leads to sign-in, or to set-up on a new server. */
const app = createRoute({
	getParentRoute: () => root,
	id: "app",
	beforeLoad: async ({ context: { queryClient }, location }) => {
		try {
			await queryClient.ensureQueryData(sessionQuery);
		} catch (e) {
			if (!signedOut(e)) throw e;
			const { needed } = await queryClient.fetchQuery(setupQuery);
			throw needed
				? redirect({ to: "/setup" })
				: redirect({ to: "/signin", search: { next: location.href } });
		}
	},
	component: lazyRouteComponent(() => import("./features/frame/Frame"), "Frame"),
});

const index = createRoute({
	getParentRoute: () => app,
	path: "/",
	beforeLoad: () => {
		throw redirect({ to: "/calls", replace: true });
	},
});

const calls = createRoute({
	getParentRoute: () => app,
	path: "/calls",
	validateSearch: validateCallsSearch,
	component: lazyRouteComponent(() => import("./features/calls/route"), "CallsRoute"),
});

const call = createRoute({
	getParentRoute: () => app,
	path: "/calls/$id",
	validateSearch: validateCallSearch,
	component: lazyRouteComponent(() => import("./features/call/route"), "CallRoute"),
});

const live = createRoute({
	getParentRoute: () => app,
	path: "/live",
	validateSearch: validateLiveSearch,
	component: lazyRouteComponent(() => import("./features/live/route"), "LiveRoute"),
});

const liveCall = createRoute({
	getParentRoute: () => app,
	path: "/live/$callId",
	component: lazyRouteComponent(() => import("./features/live/call.route"), "LiveCallRoute"),
});

const agents = createRoute({
	getParentRoute: () => app,
	path: "/agents",
	validateSearch: validateAgentsSearch,
	component: lazyRouteComponent(() => import("./features/agents/route"), "AgentsRoute"),
});

const agent = createRoute({
	getParentRoute: () => app,
	path: "/agents/$id",
	validateSearch: validateAgentSearch,
	component: lazyRouteComponent(() => import("./features/agents/agent.route"), "AgentRoute"),
});

const alerts = createRoute({
	getParentRoute: () => app,
	path: "/alerts",
	validateSearch: validateAlertsSearch,
	component: lazyRouteComponent(() => import("./features/alerts/route"), "AlertsRoute"),
});

const gaps = createRoute({
	getParentRoute: () => app,
	path: "/knowledge-gaps",
	validateSearch: validateGapsSearch,
	component: lazyRouteComponent(() => import("./features/gaps/route"), "GapsRoute"),
});

const evaluations = createRoute({
	getParentRoute: () => app,
	path: "/evaluations",
	validateSearch: validateEvaluationsSearch,
	component: lazyRouteComponent(() => import("./features/evaluations/route"), "EvaluationsRoute"),
});

const scorecard = createRoute({
	getParentRoute: () => app,
	path: "/evaluations/scorecards/$id",
	component: lazyRouteComponent(() => import("./features/evaluations/scorecard.route"), "ScorecardRoute"),
});

const settingsIndex = createRoute({
	getParentRoute: () => app,
	path: "/settings",
	beforeLoad: () => {
		throw redirect({ to: "/settings/$section", params: { section: "sources" }, replace: true });
	},
});

const settings = createRoute({
	getParentRoute: () => app,
	path: "/settings/$section",
	validateSearch: validateSettingsSearch,
	component: lazyRouteComponent(() => import("./features/settings/route"), "SettingsRoute"),
});

const tree = root.addChildren([
	setup,
	signin,
	app.addChildren([
		index,
		live,
		liveCall,
		calls,
		call,
		alerts,
		agents,
		agent,
		evaluations,
		scorecard,
		gaps,
		settingsIndex,
		settings,
	]),
]);

export function makeRouter(queryClient: QueryClient) {
	return createRouter({
		routeTree: tree,
		context: { queryClient },
		defaultPreload: "intent",
		defaultPreloadStaleTime: 0,
		defaultErrorComponent: RouteError,
		defaultPendingComponent: RoutePending,
		defaultPendingMs: 200,
	});
}

declare module "@tanstack/react-router" {
	interface Register {
		router: ReturnType<typeof makeRouter>;
	}
}
