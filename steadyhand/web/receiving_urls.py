"""The addresses of received mail: POST makes, `removal` undoes."""

from django.urls import path

from steadyhand.web.views import mailboxes, receiving

urlpatterns = [
    path("messages/triage/", receiving.waiting, name="triage"),
    path("messages/<int:pk>/filing/", receiving.filing, name="message-filing"),
    path("messages/<int:pk>/filing/removal/", receiving.filing_removal, name="message-filing-removal"),
    path("messages/<int:pk>/dismissal/", receiving.dismissal, name="message-dismissal"),
    path(
        "messages/<int:pk>/dismissal/removal/", receiving.dismissal_removal, name="message-dismissal-removal"
    ),
    path("attachments/<int:pk>/", receiving.attachment, name="attachment"),
    path("bounces/<int:pk>/clearance/", receiving.bounce_clearance, name="bounce-clearance"),
    path(
        "clients/<slug:ref>/dropbox/renewal/", receiving.client_dropbox_renewal, name="client-dropbox-renewal"
    ),
    path("account/mailboxes/dropbox/renewal/", receiving.own_dropbox_renewal, name="own-dropbox-renewal"),
    path("account/mailboxes/", mailboxes.own, name="mailboxes"),
    path(
        "account/mailboxes/<slug:kind>/authorization/", mailboxes.authorization, name="mailbox-authorization"
    ),
    path("account/mailboxes/<slug:kind>/callback/", mailboxes.callback, name="mailbox-callback"),
    path("settings/mailboxes/", mailboxes.agencys, name="settings-mailboxes"),
    path("mailboxes/<int:pk>/trial/", mailboxes.trial, name="mailbox-trial"),
    path("mailboxes/<int:pk>/removal/", mailboxes.removal, name="mailbox-removal"),
]
