/** A webhook of one change of the field `messages`, of the business number 106540352242922. */
export const messagesWebhook = (value: object, contacts: object[] = []) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
            contacts,
            ...value,
          },
        },
      ],
    },
  ],
});
