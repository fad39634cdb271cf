import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

/** To the sign-in page, and from there back to where one is. */
export function useSignIn(): () => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  return () => {
    const next = location.pathname + location.search;
    // Not `clear`: what the sign-in page has just asked for would never be answered.
    void navigate({ to: "/sign-in", search: { next } }).then(() =>
      client.removeQueries({ type: "inactive" }),
    );
  };
}
