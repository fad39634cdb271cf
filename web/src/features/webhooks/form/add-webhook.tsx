import { Button, Checkbox, Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconChevronDown, IconShieldLock } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { ApiProblem, call } from "../../../lib/server/api.ts";
import type { Subscription } from "../../../lib/types.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { Tag } from "../../../ui/tag.tsx";
import { type EventKind, EVENTS, inOrder, putEndpoint, sentenceOf } from "../model/model.ts";
import { DEFAULTS, settingsOf } from "./draft.ts";
import { SecretDialog } from "../signing/signing.ts";
import { AddressFields, DeliveryFields } from "./settings-fields.tsx";
import { ADD } from "../texts.ts";
import { useDraft } from "./use-draft.ts";
import shared from "../webhooks.module.css";
import classes from "./form.module.css";

const MAIN_EVENTS = 3;

/** The dialog that makes an endpoint, then the one that shows its secret, then its own page. */
export function AddWebhook({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const narrow = useMediaQuery("(max-width: 720px)", false, { getInitialValueInEffect: false });
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null);
  const [touched, setTouched] = useState(false);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Modal
        opened={opened && made === null}
        onClose={() => (touched ? setAsking(true) : onClose())}
        title={ADD.title}
        size={580}
        fullScreen={narrow}
        closeOnClickOutside={false}
        closeOnEscape={!asking}
        closeButtonProps={{ "aria-label": ADD.close }}
      >
        <AddForm onMade={setMade} onTouch={setTouched} onCancel={onClose} />
      </Modal>
      {/* Only while it asks: one that is there before would take the Escape that opens it as its own. */}
      {asking && (
        <Confirm
          opened
          title={ADD.discard_title}
          yes={ADD.discard}
          no={ADD.keep}
          danger
          onYes={() => {
            setAsking(false);
            onClose();
          }}
          onClose={() => setAsking(false)}
        >
          <p>{ADD.discard_text}</p>
        </Confirm>
      )}
      <SecretDialog
        shown={made && { secret: made.secret, kind: "new" }}
        onDone={() => {
          const endpoint_id = made?.id ?? "";
          setMade(null);
          onClose();
          // When the dialog has let go of the page's history.
          setTimeout(() => void navigate({ to: "/settings/webhooks/$endpoint_id", params: { endpoint_id } }));
        }}
      />
    </>
  );
}

function AddForm({
  onMade,
  onTouch,
  onCancel,
}: {
  onMade: (made: { id: string; secret: string }) => void;
  onTouch: (touched: boolean) => void;
  onCancel: () => void;
}) {
  const client = useQueryClient();
  const state = useDraft(DEFAULTS);
  useEffect(() => {
    onTouch(state.touched);
    return () => onTouch(false);
  }, [onTouch, state.touched]);
  const [events, setEvents] = useState<Subscription[]>(["statuses", "template_status"]);
  const [accepted, setAccepted] = useState(false);
  const [enabled, setEnabled] = useState(true);
  const [more, setMore] = useState(false);
  const [missed, setMissed] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const sensitive = EVENTS.filter((kind) => kind.sensitive && events.includes(kind.event));
  const unaccepted = sensitive.length > 0 && !accepted;

  const save = useAction({
    mutationFn: () =>
      call("POST /api/v1/endpoints", {
        body: { ...settingsOf(state.draft), enabled, events: inOrder(events) },
      }),
    onMutate: () => setProblem(null),
    onSuccess: (made) => {
      putEndpoint(client, made);
      onMade(made);
    },
    onError: (error) => {
      if (state.refuse(error)) {
        if (!(error instanceof ApiProblem) || !/URL|TARGET/.test(error.code)) setMore(true);
      } else setProblem(sentenceOf(error));
    },
  });
  const toggle = (event: Subscription) =>
    setEvents((now) => (now.includes(event) ? now.filter((each) => each !== event) : [...now, event]));

  return (
    <form
      className={shared["form"]}
      noValidate
      onSubmit={(event) =>
        state.submit(event, () => {
          setMissed(unaccepted);
          if (!unaccepted) save.mutate();
        })
      }
    >
      <AddressFields state={state} />
      <fieldset className={classes["choose"]}>
        <legend>{ADD.events}</legend>
        {EVENTS.slice(0, MAIN_EVENTS).map((kind) => (
          <EventChoice key={kind.event} kind={kind} chosen={events.includes(kind.event)} onToggle={toggle} />
        ))}
        <Disclosure label={ADD.more_events(EVENTS.length - MAIN_EVENTS)}>
          {EVENTS.slice(MAIN_EVENTS).map((kind) => (
            <EventChoice
              key={kind.event}
              kind={kind}
              chosen={events.includes(kind.event)}
              onToggle={toggle}
            />
          ))}
        </Disclosure>
        {sensitive.length > 0 && (
          <div className={classes["notice"]}>
            <IconShieldLock size={19} aria-hidden />
            <div>
              {sensitive.map(({ event, sensitive: words }) => (
                <p key={event}>{words}</p>
              ))}
              <p>{ADD.secure}</p>
              <Checkbox
                label={ADD.accept}
                error={missed && unaccepted && ADD.accept_missed}
                checked={accepted}
                onChange={(event) => setAccepted(event.currentTarget.checked)}
              />
            </div>
          </div>
        )}
      </fieldset>
      <Checkbox
        label={ADD.enable}
        description={ADD.enable_hint}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <Disclosure label={ADD.more} open={more} onOpen={setMore}>
        <DeliveryFields state={state} />
      </Disclosure>
      {problem && (
        <p className={shared["wrong"]} role="alert">
          {problem}
        </p>
      )}
      <div className={shared["buttons"]}>
        <Button variant="default" onClick={onCancel}>
          {ADD.cancel}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {ADD.save}
        </Button>
      </div>
    </form>
  );
}

function EventChoice({
  kind: { event, label, brings, sensitive },
  chosen,
  onToggle,
}: {
  kind: EventKind;
  chosen: boolean;
  onToggle: (event: Subscription) => void;
}) {
  return (
    <Checkbox
      checked={chosen}
      onChange={() => onToggle(event)}
      label={
        <span className={classes["labelled"]}>
          {label}
          {sensitive && <Tag tone="warn">{ADD.sensitive}</Tag>}
        </span>
      }
      description={brings}
    />
  );
}

function Disclosure({
  label,
  open,
  onOpen,
  children,
}: {
  label: string;
  open?: boolean;
  onOpen?: (open: boolean) => void;
  children: React.ReactNode;
}) {
  return (
    <details
      className={classes["disclosure"]}
      open={open}
      onToggle={(event) => onOpen?.(event.currentTarget.open)}
    >
      <summary>
        <IconChevronDown size={16} aria-hidden />
        {label}
      </summary>
      <div>{children}</div>
    </details>
  );
}
