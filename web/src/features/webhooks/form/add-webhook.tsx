import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "../../../ui/confirm.tsx";
import { SecretDialog } from "../signing/signing.ts";
import { ADD } from "../texts.ts";
import { AddForm } from "./add-form.tsx";

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
