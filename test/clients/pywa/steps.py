"""All that pywa can do, step by step."""

import json

import httpx
from pywa import types
from pywa.types import (
    Button,
    CallPermissionRequestButton,
    Command,
    Contact,
    FlowButton,
    FlowCategory,
    FlowMetricGranularity,
    FlowMetricName,
    ImageCarouselCard,
    Industry,
    Pagination,
    ProductsSection,
    Section,
    SectionList,
    SectionRow,
    URLButton,
    VoiceCallButton,
)
from pywa.types import templates as t
from pywa.types.calls import (
    CallbackPermissionStatus,
    CallDirection,
    CallPermissions,
    CallPermissionStatus,
    CallStatusType,
    SessionDescription,
)
from pywa.types.groups import GroupJoinApprovalMode
from pywa.types.others import SignupStatus
from world import (
    AMARA,
    APP,
    JPEG,
    OLIVER,
    PHONE,
    PIXEL,
    SECRET,
    SHEENA,
    WABA,
    check,
    client,
    drive,
    event,
    person_says,
    play,
    refused,
    step,
    wa,
    webhooks,
)

# Messages


@step
def text():
    sent = wa.send_message(to=SHEENA, text="Hello *there*", preview_url=True, tracker="ours")
    check(sent.id.startswith("wamid."), sent)
    webhooks.wait(
        lambda _, parsed: isinstance(parsed, types.MessageStatus)
        and parsed.id == sent.id
        and parsed.status == types.MessageStatusType.READ
        and parsed.tracker == "ours"
    )


@step
def text_to_a_user_id():
    message = person_says("who am I")
    check(message.from_user.bsuid.startswith("US."), message)
    check(wa.send_message(to=message.from_user.bsuid, text="you").id.startswith("wamid."), "sent")


@step
def answers_a_message():
    message = person_says("a question")
    wa.mark_message_as_read(message.id)
    wa.indicate_typing(message.id)
    sent = wa.send_message(to=SHEENA, text="an answer", reply_to_message_id=message.id)
    wa.send_reaction(to=SHEENA, emoji="👍", message_id=message.id)
    wa.remove_reaction(to=SHEENA, message_id=message.id)
    return sent.id


@step
def media():
    picture = wa.upload_media(PIXEL, mime_type="image/png", filename="pixel.png")
    wa.send_image(to=AMARA, image=picture.id, caption="a caption")
    wa.send_image(to=AMARA, image=PIXEL, mime_type="image/png", caption="a caption", buttons=[Button("Yes", "yes")])
    wa.send_video(to=AMARA, video="https://files.example/a.mp4", caption="c")
    wa.send_document(to=AMARA, document="https://files.example/a.pdf", filename="a.pdf", caption="c")
    wa.send_audio(to=AMARA, audio="https://files.example/a.ogg")
    wa.send_voice(to=AMARA, voice="https://files.example/a.ogg")
    wa.send_sticker(to=AMARA, sticker="https://files.example/a.webp")
    url = wa.get_media_url(picture.id)
    check(url.mime_type == "image/png" and int(url.file_size) == len(PIXEL), url)
    check(wa.get_media_bytes(url=url.url) == PIXEL, "the same bytes")
    check(wa.delete_media(picture.id, phone_id=PHONE), "deleted")
    refused(100, lambda: wa.get_media_url(picture.id))


@step
def places_people_and_shops():
    wa.send_location(to=OLIVER, latitude=48.85, longitude=2.35, name="Paris", address="France")
    wa.request_location(to=OLIVER, text="Where are you?")
    wa.request_contact_info(to=OLIVER, text="Who are you?")
    wa.send_contact(
        to=OLIVER,
        contact=Contact(
            name=Contact.Name(formatted_name="Ada Lovelace", first_name="Ada"),
            phones=[Contact.Phone(phone="+12025550147", type="WORK")],
        ),
    )
    wa.send_catalog(to=OLIVER, body="Our shop", footer="f", thumbnail_product_sku="sku")
    wa.send_product(to=OLIVER, catalog_id="7", sku="sku", body="This", footer="f")
    wa.send_products(
        to=OLIVER,
        catalog_id="7",
        title="Jackets",
        body="Which?",
        product_sections=[ProductsSection(title="Rain", skus=["a", "b"]), ProductsSection(title="Sun", skus=["c"])],
    )


@step
def interactive():
    wa.send_message(to=OLIVER, text="Which?", header="H", footer="F", buttons=[Button("Yes", "y"), Button("No", "n")])
    wa.send_message(to=OLIVER, text="Look", buttons=URLButton("Open", "https://example.org"))
    wa.send_message(to=OLIVER, text="Call", buttons=VoiceCallButton("Call us", ttl_minutes=100))
    wa.send_message(to=OLIVER, text="May we call?", buttons=CallPermissionRequestButton())
    wa.send_message(
        to=OLIVER,
        text="Choose",
        buttons=SectionList("Open", [Section("S", [SectionRow("One", "1", "d")]), Section("T", [SectionRow("Two", "2")])]),
    )
    wa.send_carousel(
        to=OLIVER,
        body="Look",
        cards=[
            ImageCarouselCard(image="https://files.example/1.jpg", body="One", buttons=URLButton("Open", "https://example.org/1")),
            ImageCarouselCard(image="https://files.example/2.jpg", body="Two", buttons=URLButton("Open", "https://example.org/2")),
        ],
    )


# Numbers and accounts


@step
def accounts():
    account = wa.get_business_account()
    check(account.id == WABA and account.currency == "USD" and account.subscribed_apps[0].id == APP, account)
    owned = wa.get_owned_business_accounts()
    check([each.id for each in owned] == [WABA], owned)
    check(len(wa.get_shared_business_accounts()) == 0, "none is shared")
    wa.update_business_account_settings(disable_marketing_messages_on_cloud_api=True)
    check(wa.get_business_account().disable_marketing_messages_on_cloud_api is True, "it is changed")
    wa.update_business_account_settings(disable_marketing_messages_on_cloud_api=False)


@step
def numbers():
    number = wa.get_business_phone_number()
    check(number.id == PHONE and number.status == "CONNECTED", number)
    check([each.id for each in wa.get_business_phone_numbers()] == [PHONE], "the list")
    wa.update_conversational_automation(ice_breakers=["Open?"], commands=[Command("order", "Where is it?")])
    automation = wa.get_business_phone_number().conversational_automation
    check(automation.ice_breakers == ("Open?",) and automation.commands[0].name == "order", automation)
    wa.update_display_name("Fjord & Fell Outdoors")
    event("phone_number_name_update", decision="APPROVED")
    check(wa.get_business_phone_number().verified_name == "Fjord & Fell Outdoors", "the name")


@step
def callbacks():
    wa.override_waba_callback_url("https://example.org/waba", "verify")
    apps = wa.api.get_waba_subscribed_apps(WABA)["data"]
    check(apps[0]["override_callback_uri"] == "https://example.org/waba", apps)
    wa.delete_waba_callback_url()
    check("override_callback_uri" not in wa.api.get_waba_subscribed_apps(WABA)["data"][0], "it is gone")
    wa.override_phone_callback_url("https://example.org/phone", "verify")
    check(wa.get_business_phone_number().webhook_configuration["phone_number"] == "https://example.org/phone", "set")
    wa.delete_phone_callback_url()
    check("phone_number" not in wa.get_business_phone_number().webhook_configuration, "unset")
    token = wa.get_app_access_token(int(APP), SECRET)
    wa.set_app_callback_url(int(APP), token, "https://example.org/app", "verify", ("messages",))
    refused(1, lambda: wa.get_app_access_token(int(APP), "not the secret"))
    check(wa.api.get_business_access_token(int(APP), SECRET, "code")["access_token"], "a token")


@step
def registration():
    check(wa.register_phone_number("212834"), "registered")
    check(wa.get_business_phone_number().is_pin_enabled, "with a PIN")
    refused(133005, lambda: wa.register_phone_number("111111"))
    check(wa.deregister_phone_number(), "deregistered")
    refused(133010, lambda: wa.send_message(to=SHEENA, text="from nowhere"))
    check(wa.get_business_phone_number().status == "DISCONNECTED", "it says so")
    check(wa.register_phone_number(212834, data_localization_region="CH"), "registered again")
    made = wa.create_phone_number(country_calling_code="1", phone_number="2025550191", verified_name="Second")
    check(wa.get_business_phone_number(phone_id=made.id).code_verification_status == "NOT_VERIFIED", made)
    refused(133006, lambda: wa.register_phone_number("212834", phone_id=made.id))
    wa.request_verification_code(code_method="SMS", language_code="en_US", phone_id=made.id)
    refused(100, lambda: wa.verify_phone_number("000000", phone_id=made.id))
    wa.verify_phone_number("123456", phone_id=made.id)
    wa.register_phone_number("212834", phone_id=made.id)
    check(wa.get_business_phone_number(phone_id=made.id).status == "CONNECTED", "the second one")


@step
def profile():
    wa.update_business_profile(
        about="Outdoor goods",
        address="Quay 7",
        description="All that one needs",
        email="hello@example.org",
        industry=Industry.RETAIL,
        websites=["https://example.org"],
        profile_picture=JPEG,
    )
    profile = wa.get_business_profile()
    check(profile.about == "Outdoor goods" and profile.industry == Industry.RETAIL, profile)
    check(profile.websites == ("https://example.org",), profile)
    check(httpx.get(profile.profile_picture_url).content == JPEG, "the picture")
    wa.update_business_profile(about=None, websites=None)
    check(wa.get_business_profile().about is None and wa.get_business_profile().websites is None, "cleared")


@step
def settings():
    settings = wa.get_business_phone_number_settings()
    settings.calling.callback_permission_status = CallbackPermissionStatus.ENABLED
    wa.update_business_phone_number_settings(calling=settings.calling)
    calling = wa.get_business_phone_number_settings(include_sip_credentials=True).calling
    check(calling.callback_permission_status == CallbackPermissionStatus.ENABLED, calling)
    wa.update_commerce_settings(is_catalog_visible=True, is_cart_enabled=False)
    commerce = wa.get_commerce_settings()
    check(commerce.is_catalog_visible and not commerce.is_cart_enabled, commerce)
    wa.set_business_public_key("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----")
    wa.set_username("fjord.and.fell")
    check(wa.get_current_username().username == "fjord.and.fell", "the username")
    check(len(wa.get_reserved_usernames()) > 0, "suggestions")
    refused(147001, lambda: wa.set_username("amara.okafor"))
    check(wa.delete_username(), "deleted")


@step
def blocks():
    person_says("something rude", **{"from": OLIVER})
    blocked = wa.block_users([OLIVER])
    check([user.wa_id for user in blocked.added_users] == [OLIVER], blocked)
    check([user.wa_id for user in wa.get_blocked_users()] == [OLIVER], "the list")
    refused(139100, lambda: wa.block_users(["33639980142"]))
    play(do="say", **{"from": OLIVER, "text": "ruder"})
    check(wa.unblock_users([OLIVER]).removed_users[0].wa_id == OLIVER, "unblocked")
    person_says("sorry", **{"from": OLIVER})
    check(
        not any(getattr(parsed, "text", None) == "ruder" for _, parsed, _ in webhooks.read),
        "what a blocked person writes doesn't come",
    )


@step
def qr_codes():
    made = wa.create_qr_code("Hello!", image_type="PNG")
    check(httpx.get(made.qr_image_url).content.startswith(b"\x89PNG"), "a picture")
    svg = made.fetch_image("SVG")
    check("<svg" in httpx.get(svg.qr_image_url).text, "another")
    made.update(prefilled_message="Good day!")
    check(wa.get_qr_code(made.code).prefilled_message == "Good day!", "changed")
    for index in range(30):
        wa.create_qr_code(f"Number {index}", image_type="SVG")
    first = wa.get_qr_codes(pagination=Pagination(limit=10))
    check(len(first) == 10 and first.has_next, first)
    codes = [qr.code for qr in first.all()]
    check(len(codes) == len(set(codes)) == 31, len(codes))
    check(first.next().previous()[0].code == first[0].code, "there and back")
    made.delete()
    check(made.code not in [qr.code for qr in wa.get_qr_codes(pagination=Pagination(limit=100))], "deleted")


# Templates


@step
def templates():
    template = t.Template(
        name="seasonal_promotion",
        category=t.TemplateCategory.MARKETING,
        language=t.TemplateLanguage.ENGLISH_US,
        parameter_format=t.ParamFormat.NAMED,
        components=[
            header := t.HeaderImage(example=PIXEL, mime_type="image/png"),
            body := t.BodyText("Shop until {{end_date}} and use {{code}} to save.", end_date="August", code="25OFF"),
            t.FooterText(text="Fjord & Fell"),
            t.Buttons(
                buttons=[
                    t.QuickReplyButton(text="Unsubscribe"),
                    t.URLButton(text="Open", url="https://example.org/{{1}}", example="https://example.org/x"),
                ]
            ),
        ],
    )
    created = wa.create_template(template)
    webhooks.wait(lambda _, parsed: isinstance(parsed, types.TemplateStatusUpdate) and str(parsed.template_id) == created.id)
    check(wa.get_template(created.id).status == t.TemplateStatus.APPROVED, "approved")
    params = [
        header.params(image="https://files.example/a.jpg"),
        body.params(end_date="May", code="5OFF"),
        t.QuickReplyButton.params(callback_data="bye", index=0),
        t.URLButton.params(url_variable="spring", index=1),
    ]
    sent = wa.send_template(to=AMARA, name="seasonal_promotion", language=t.TemplateLanguage.ENGLISH_US, params=params)
    check(sent.id.startswith("wamid."), sent)
    lite = wa.send_template(
        to=AMARA,
        name="seasonal_promotion",
        language=t.TemplateLanguage.ENGLISH_US,
        params=params,
        use_mm_lite_api=True,
        message_activity_sharing=True,
    )
    check(lite.id.startswith("wamid."), lite)
    refused(
        134100,
        lambda: wa.send_template(to=AMARA, name="hello_world", language=t.TemplateLanguage.ENGLISH_US, use_mm_lite_api=True),
    )
    refused(132001, lambda: wa.send_template(to=AMARA, name="nowhere", language=t.TemplateLanguage.ENGLISH_US))
    refused(132000, lambda: wa.send_template(to=AMARA, name="order_update", language=t.TemplateLanguage.ENGLISH_US, params=[]))
    found = wa.get_templates(name="seasonal_promotion", statuses=[t.TemplateStatus.APPROVED], pagination=Pagination(limit=5))
    check([each.id for each in found] == [created.id] and found.total_count > 0, found)
    wa.update_template(created.id, new_components=[t.BodyText("Come by until {{day}} please!", day="Friday")])
    webhooks.wait(
        lambda _, parsed: sum(
            isinstance(other, types.TemplateStatusUpdate) and str(other.template_id) == created.id for _, other, _ in webhooks.read
        )
        >= 2
    )
    compared = wa.compare_templates(created.id, found[0].id, start=1, end=2)
    check(compared.times_sent[created.id] == 2, compared)
    archived = wa.archive_templates([created.id, "1"])
    check(archived.archived == (created.id,) and "1" in archived.failed, archived)
    check(wa.unarchive_templates([created.id]).unarchived == (created.id,), "unarchived")
    play(do="template", event="PAUSED", template_id=int(created.id), name="seasonal_promotion")
    webhooks.wait(lambda _, parsed: getattr(parsed, "new_status", None) == t.TemplateStatus.PAUSED)
    check(wa.unpause_template(created.id), "unpaused")
    check(not wa.unpause_template(created.id), "only once")
    check(wa.delete_template("seasonal_promotion", template_id=created.id), "deleted")


@step
def authentication_templates():
    # Its own upsert_authentication_template puts JSON into JSON.
    asked = {
        "name": "codes",
        "languages": ["en_US", "fr"],
        "category": "AUTHENTICATION",
        "components": [
            {"type": "BODY", "add_security_recommendation": True},
            {"type": "FOOTER", "code_expiration_minutes": 5},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy"}]},
        ],
    }
    made = wa.api.upsert_message_templates(waba_id=WABA, template=asked)["data"]
    check([each["language"] for each in made] == ["en_US", "fr"], made)
    again = wa.api.upsert_message_templates(waba_id=WABA, template={**asked, "languages": ["fr"]})["data"]
    check(again[0]["id"] == made[1]["id"], "the same template")
    library = t.LibraryTemplate(
        name="our_delivery",
        library_template_name="delivery_update_1",
        category=t.TemplateCategory.UTILITY,
        language=t.TemplateLanguage.ENGLISH_US,
    )
    created = wa.create_template(library)
    check("warehouse" in str(wa.get_template(created.id).components), "the library's text")
    refused(100, lambda: wa.migrate_templates(source_waba_id="1"))


# Flows


@step
def flows():
    screen = {
        "id": "FIRST",
        "title": "First",
        "terminal": True,
        "layout": {"type": "SingleColumnLayout", "children": [{"type": "TextHeading", "text": "Hello"}]},
    }
    right = {"version": "7.0", "screens": [screen]}
    made = wa.create_flow("Feedback", [FlowCategory.SURVEY], flow_json={"version": "7.0", "screens": []})
    check(len(made.validation_errors) == 1, made)
    refused(139002, lambda: wa.publish_flow(made.id))
    refused(100, lambda: wa.create_flow("Feedback", [FlowCategory.SURVEY]))
    check(wa.update_flow_json(made.id, right).success, "right now")
    wa.update_flow_metadata(made.id, name="Opinions", categories=[FlowCategory.OTHER])
    details = wa.get_flow(made.id)
    check(details.name == "Opinions" and details.status == types.FlowStatus.DRAFT, details)
    check(json.loads(httpx.get(wa.get_flow_assets(made.id)[0].url).text) == right, "the asset")
    check(wa.publish_flow(made.id), "published")
    refused(139001, lambda: wa.update_flow_metadata(made.id, name="Late"))
    refused(139004, lambda: wa.delete_flow(made.id))
    wa.send_message(to=SHEENA, text="Tell us", buttons=FlowButton("Open", made.id, flow_token="x", flow_action_type="navigate", flow_action_screen="FIRST"))
    wa.get_flow_metrics(made.id, FlowMetricName.ENDPOINT_REQUEST_COUNT, FlowMetricGranularity.DAY)
    copy = wa.create_flow("Copy", [FlowCategory.OTHER], clone_flow_id=made.id)
    check({flow.id for flow in wa.get_flows()} == {made.id, copy.id}, "the list")
    check(wa.deprecate_flow(made.id) and wa.delete_flow(copy.id), "their ends")
    refused(139003, lambda: wa.deprecate_flow(made.id))
    refused(100, lambda: wa.migrate_flows("1", ["Opinions"]))


# Groups and calls


@step
def groups():
    asked = wa.create_group(subject="Hikers", description="Early birds", join_approval_mode=GroupJoinApprovalMode.AUTO_APPROVE)
    group_id = event("group_lifecycle_update", request_id=asked.request_id)["group_id"]
    refused(131020, lambda: wa.send_message(to=group_id, text="is anybody there?"))
    play(do="join", group="Hikers", **{"from": SHEENA})
    play(do="join", group=wa.get_group_invite_link(group_id).link, **{"from": AMARA})
    event("group_participants_update", type="group_participants_add")
    webhooks.wait(lambda *_: wa.get_group(group_id).total_participant_count == 2)
    details = wa.get_group(group_id)
    check(details.subject == "Hikers" and len(details.participants) == 2, details)
    check([group.id for group in wa.get_groups()] == [group_id], "the list")
    sent = wa.send_message(to=group_id, text="Tomorrow at six")
    webhooks.wait(
        lambda _, parsed: isinstance(parsed, types.GroupMessageStatuses)
        and parsed.group_id == group_id
        and len(parsed) == 2
        and parsed[0].status == types.MessageStatusType.READ
    )
    wa.pin_message(group_id, sent.id, expiration_days=7)
    wa.unpin_message(group_id, sent.id)
    message = person_says("I'm in", group="Hikers")
    check(message.chat.id == group_id, message)
    wa.update_group_settings(group_id, subject="Night owls", description="Late birds", profile_picture=JPEG)
    event("group_settings_update", type="group_settings_update")
    check(wa.get_group(group_id).subject == "Night owls", "renamed")
    before = wa.get_group_invite_link(group_id).link
    check(wa.reset_group_invite_link(group_id).link != before, "another link")
    wa.remove_group_participants(group_id, [AMARA])
    event("group_participants_update", type="group_participants_remove")
    refused(131212, lambda: wa.remove_group_participants(group_id, [AMARA]))
    wa.delete_group(group_id)
    event("group_lifecycle_update", type="group_delete")
    refused(100, lambda: wa.get_group(group_id))


@step
def groups_with_approval():
    asked = wa.create_group(subject="Climbers", join_approval_mode=GroupJoinApprovalMode.APPROVAL_REQUIRED)
    group_id = event("group_lifecycle_update", request_id=asked.request_id)["group_id"]
    for person in (SHEENA, AMARA, OLIVER):
        play(do="join", group="Climbers", **{"from": person})
    play(do="leave", group="Climbers", **{"from": OLIVER})
    event("group_participants_update", type="group_join_request_revoked")
    requests = wa.get_group_join_requests(group_id)
    check([request.user.wa_id for request in requests] == [SHEENA, AMARA], requests)
    requests[0].approve()
    wa.reject_group_join_requests(group_id, [requests[1].id])
    refused(131213, lambda: wa.approve_group_join_requests(group_id, ["unknown"]))
    check([person.wa_id for person in wa.get_group(group_id).participants] == [SHEENA], "one is in")
    wa.delete_group(group_id)


@step
def calls():
    offer = SessionDescription(sdp_type="offer", sdp="v=0")

    def permission():
        # Its own get_call_permissions forgets an argument of this.
        told = wa.api.get_call_permissions(phone_id=PHONE, user_wa_id=AMARA, recipient=None)
        return CallPermissions.from_dict(told).permission.status

    check(permission() == CallPermissionStatus.NO_PERMISSION, "not yet")
    refused(138006, lambda: wa.initiate_call(AMARA, offer))
    play(do="say", **{"from": AMARA, "call_permission": "accept"})
    webhooks.wait(lambda _, parsed: isinstance(parsed, types.CallPermissionUpdate))
    check(permission() == CallPermissionStatus.TEMPORARY, "for a week")
    call = wa.initiate_call(AMARA, offer, tracker="ours")
    webhooks.wait(lambda _, parsed: isinstance(parsed, types.CallConnect) and parsed.id == call.id)
    webhooks.wait(lambda _, parsed: isinstance(parsed, types.CallStatus) and parsed.status == CallStatusType.ACCEPTED)
    wa.terminate_call(call.id)
    webhooks.wait(lambda _, parsed: isinstance(parsed, types.CallTerminate) and parsed.id == call.id and parsed.tracker == "ours")
    refused(100, lambda: wa.terminate_call(call.id))
    answer = SessionDescription(sdp_type="answer", sdp="v=0")
    for turn in ("accept", "reject"):
        play(do="call", **{"from": SHEENA, "as": turn})
        theirs = webhooks.wait(
            lambda _, parsed: parsed
            if isinstance(parsed, types.CallConnect) and parsed.direction == CallDirection.USER_INITIATED and parsed.id not in done_calls
            else None
        )
        done_calls.add(theirs.id)
        if turn == "accept":
            wa.pre_accept_call(theirs.id, answer)
            wa.accept_call(theirs.id, answer)
            play(do="call", **{"from": SHEENA, "hang_up": turn})
        else:
            wa.reject_call(theirs.id)
        webhooks.wait(lambda _, parsed: isinstance(parsed, types.CallTerminate) and parsed.id == theirs.id)


done_calls = set()


@step
def signups():
    made = wa.create_signup("Stay in touch", "Welcome! {{promo_code}}", "https://example.org/privacy", promo_code="HELLO", accept_policy=True)
    check(wa.get_signup(made.id).promo_code == "HELLO", "made")
    # Its own get_signups asks for another field than it reads.
    check([each["id"] for each in wa.api.get_signups(WABA)["data"]] == [made.id], "the list")
    wa.get_signup(made.id).disable()
    check(wa.get_signup(made.id).status == SignupStatus.DISABLED, "disabled")


@step
def uploads():
    session = wa.api.create_upload_session(APP, "a.jpg", len(JPEG), "image/jpeg")["id"]
    check(wa.api.upload_file(session, JPEG[:9]).get("h") is None, "a part")
    check(wa.api.get_upload_session(session)["file_offset"] == 9, "where it stopped")
    check(wa.api.upload_file(session, JPEG[9:], 9)["h"].startswith("4:"), "whole")


@step
def errors():
    stranger = client("another token")
    check(refused(190, lambda: stranger.get_business_account()) == "ExpiredAccessToken", "the token")
    refused(100, lambda: wa.get_business_account(waba_id="1"))
    refused(131009, lambda: wa.send_message(to="12", text="x"))
    drive({"next": [{"refuse": 130429}]})
    check(refused(130429, lambda: wa.send_message(to=SHEENA, text="fast")) == "RateLimitHit", "too fast")
    wa.api.send_raw_request("GET", f"/{PHONE}", params={"fields": "id"})


# What else Meta tells


@step
def webhooks_of_every_kind():
    for said in (
        {"image": {"caption": "c"}}, {"video": {}}, {"audio": {"voice": True}}, {"document": {"filename": "a.pdf"}}, {"sticker": {"animated": True}},
        {"location": {"latitude": 1, "longitude": 2, "name": "Quay"}},
        {"contacts": [{"name": {"formatted_name": "Ada Osei", "first_name": "Ada"}, "phones": [{"phone": "+233205550147"}]}]},
        {"button": {"payload": "YES", "text": "Yes"}, "reply_to": "wamid.A"}, {"button_reply": {"id": "1", "title": "Yes"}, "reply_to": "wamid.A"},
        {"list_reply": {"id": "1", "title": "Blue", "description": "M"}, "reply_to": "wamid.A"}, {"flow_reply": {"flow_token": "x", "size": "M"}, "reply_to": "wamid.A"},
        {"call_permission": "reject", "reply_to": "wamid.A"},
        {"order": {"catalog_id": "7", "text": "t", "product_items": [{"product_retailer_id": "a", "quantity": 2, "item_price": 12.5, "currency": "EUR"}]}},
        {"reaction": {"to": "wamid.A", "emoji": "👍"}}, {"reaction": {"to": "wamid.A", "emoji": ""}},
        {"edit": {"of": "wamid.A", "text": "Better"}}, {"revoke": "wamid.A"}, {"unsupported": "poll_creation"},
        {"new_identity": "hash"}, {"new_user_id": "US.13491208655302741918"}, {"new_number": "12025550999"},
        {"text": "quoted", "reply_to": "wamid.A"}, {"text": "passed on", "forwarded": True},
        {"text": "from an ad", "referral": {"source_url": "https://fb.me/1", "source_id": "1", "source_type": "ad", "headline": "h", "body": "b", "media_type": "image", "image_url": "https://example.org/a.jpg", "thumbnail_url": "https://example.org/t.jpg", "ctwa_clid": "c"}},
    ):
        play(do="say", **{"from": OLIVER, **said})
    for value in ("stop", "resume"):
        play(do="preference", **{"from": AMARA, "value": value})
    play(do="echo", to=AMARA, text="from the phone")
    play(do="status", status="failed", of="lost", to=AMARA, code=131026)
    for event in ("APPROVED", "REJECTED", "PAUSED", "DISABLED", "FLAGGED", "IN_APPEAL", "PENDING_DELETION"):
        play(do="template", event=event, template_id=594425479261596, name="other", reason="NONE" if event != "REJECTED" else "INVALID_FORMAT")
