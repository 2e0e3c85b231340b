import { Icon } from "../../components/Icon";
import classes from "./PasswordRules.module.css";
import { passwordRules } from "./password";

/** What a password must be, each rule ticked off as it is met. */
export function PasswordRules({ password, email }: { password: string; email: string }) {
	return (
		<ul className={classes.rules} aria-label="What a password must be">
			{passwordRules(password, email).map((r) => (
				<li key={r.text} data-met={r.met || undefined}>
					<Icon name={r.met ? "check" : "dot"} size={14} />
					{r.text}
					<span className="rs-sr">{r.met ? ": met" : ": not met yet"}</span>
				</li>
			))}
		</ul>
	);
}
