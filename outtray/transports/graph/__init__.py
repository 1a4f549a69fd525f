"""Microsoft Graph as a way out: mail leaves by HTTPS from a mailbox in Microsoft's cloud.

There are three ways, told apart in `ways.py`, the one that keeps most first:

* MIME (sendMail with the message itself, needs Mail.Send): all that Exchange keeps of any
  message. Only where the sender is the account itself, since a From in MIME is not heeded,
  where the headers name exactly the recipients (others report that a Bcc in MIME is taken;
  Microsoft does not promise that nobody sees it), and below 3 MB, since Graph takes requests
  of 4 MB and wants base64 around the whole.
* DRAFT (a draft with an immutable id, then send, needs Mail.ReadWrite): the Message-ID, sender,
  recipients with blind copies, answers' address, subject, all files up to 150 MB each, with
  pictures in the HTML. Headers whose name begins with x- go as `internetMessageHeaders`, at
  most five, all others as properties, of which Exchange makes headers again (MS-OXCMAIL, the
  property set PS_INTERNET_HEADERS). Lost are the Date, which is that of sending, and the plain
  text of a message with HTML, because Graph holds one body only.
* JSON (sendMail in JSON, needs Mail.Send): as DRAFT in one request, hence below 4 MB as well.
  Whether the Message-ID survives is not promised by Microsoft; so DRAFT comes first wherever
  it is permitted.

Whatever the way, Exchange writes the plain text beside HTML itself, and leaves out headers that
it does not know and whose name does not begin with x- (Auto-Submitted, as is reported).

Promises: nobody gets a message whom its envelope does not name, and no blind copy is shown.
Nothing is sent before `before_content`; what fails before it is tried again, and its draft is
deleted. Only 202 is success, and a request that may have been heard without a clear answer is
`Unanswered`. A token is sent to Graph alone, never to the address of an upload, and never
written down.

Not here: where tokens come from (`mailboxes`). We do not announce that we understand claims
challenges, so Microsoft does not use them towards us; one that comes anyway is a token that
was refused, and after one renewal a person has to connect again.

Start reading in `transport.py`, then `session.py`, `ways.py`, `drafts.py`.
"""
