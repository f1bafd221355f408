// Made by `make client` from OpenAPI 2d5f40118e3dadb2847af4ebd27b8a1704e0bb60f8d0db66b78661b9bbed375b: do not edit.

export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: string;
                        };
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** May it be sent traffic? If not, what is wrong? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures in Prometheus' text format */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The nodes that work on this store
         * @description The node that answers comes first, with its figures of now.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_AdminNode__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The connections of every node
         * @description Sockets and lasting answers, of one user or with one document open if that is named. Every node is asked, and has
         *     a second to answer; `unknown` names those that did not.
         */
        get: {
            parameters: {
                query?: {
                    user?: string | null;
                    document?: string | null;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AdminConnections_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/connections/{connection_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close one connection
         * @description Its client is told the reason, and may come back: to keep somebody out, take his rights.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    connection_id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["KickRequest"];
                };
            };
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}/disconnect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close all connections of a user, on every node
         * @description Within a second, and within five while the broker is dead.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["KickRequest"];
                };
            };
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The open documents of every node
         * @description Who is in each, how large it is, and how far each node that has it open is behind. Every node is asked, and has a
         *     second to answer; `unknown` names those that did not.
         */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AdminRooms_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/rooms/{document_id}/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fold a document's log into a snapshot now
         * @description The server does it by itself when that pays, and nobody waits for it. After 202, `GET /admin/rooms` tells when it
         *     is done.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AdminSnapshot_"];
                    };
                };
                /** @description It takes longer than a second, and goes on. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AdminSnapshot_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What no worker can read of any document
         * @description The latest finds first. Clients have these rows; the server's own readers are shown the document without them.
         */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AdminQuarantine_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/quarantine/{document_id}/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The bytes of a row in quarantine
         * @description Of documents of one's own organisation. Who opens it should know that it has ended a process that read it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    position: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A Yjs update (v1), or what somebody sent in its place. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": unknown;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/quarantine/{document_id}/{position}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let workers read a row again
         * @description The document is read again within a minute. A row that still ends whoever reads it is found again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    position: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Store, broker, log and loop of the node that answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AdminHealth_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a visitor must know before signing in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StatusReply"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the first account, by the link printed at the start */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SetupRequest"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionReply"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in by e-mail address and password */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LoginRequest"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionReply"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What may I do in my organisation?
         * @description An administrator of an organisation that is a guest of the server has no permissions on the server itself.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionsReply"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change my password; my other sessions end */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PasswordChange"];
                };
            };
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My personal tokens */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Token"][];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /** Make a personal token; it is told this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewTokenRequest"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TokenReply"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/ws-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A ticket that opens one socket, once, soon */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["TicketRequest"] | null;
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TicketReply"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody in the organisation */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"][];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /** Add a colleague */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewUserRequest"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a colleague's role, name, password or state */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/auth/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The groups of the organisation, by name */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Group"][];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /** Make a group */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["GroupInput"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Group"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/groups/{group_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One group with its members */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    group_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Group"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        /** Delete a group */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    group_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        /** Rename a group */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    group_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["GroupInput"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Group"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/auth/groups/{group_id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put somebody into a group */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    group_id: string;
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Group"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        post?: never;
        /** Take somebody out of a group */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    group_id: string;
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Group"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * C1: the workspaces that you are in, newest first
         * @description `user_id` of another person, or `all` of the organisation, is for administrators.
         *
         *     `stream` tells of workspaces that come and go; each workspace has its own besides.
         */
        get: {
            parameters: {
                query?: {
                    user_id?: string | null;
                    workspace_type?: ("data_analysis" | "data_governance" | "compliance" | "security" | "all" | "") | null;
                    /** @description The most rows of a page. */
                    limit?: number;
                    /** @description The next_cursor of the page before. */
                    cursor?: string | null;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Workspace__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * C2: make a workspace
         * @description You become its owner. Two workspaces of one owner cannot have one name.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Yours: what is sent again under it is done once, and answered the same. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewWorkspace"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Workspace_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One workspace with its members and documents */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Workspace_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        /** Delete a workspace; its owner can restore it */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        /** Rename a workspace, or change its description, type or settings */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WorkspaceChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Workspace_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring a deleted workspace back */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Workspace_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in a workspace */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Member__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * Add a colleague by e-mail address
         * @description The address must be that of an account in this organisation.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Yours: what is sent again under it is done once, and answered the same. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewMember"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Member_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a member's role
         * @description Takes effect on open sockets at once.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RoleChange"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Member_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        post?: never;
        /** Remove a member, or leave */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** C3: the documents of a workspace, oldest first */
        get: {
            parameters: {
                query?: {
                    document_type?: ("report" | "analysis" | "dashboard" | "workflow" | "policy" | "all" | "") | null;
                    /** @description Those that were deleted and can be restored. */
                    deleted?: boolean;
                    /** @description The most rows of a page. */
                    limit?: number;
                    /** @description The next_cursor of the page before. */
                    cursor?: string | null;
                };
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_SharedDocument__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * C4: make a document, from content or empty
         * @description The content becomes the document's first update, with you as its author.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Yours: what is sent again under it is done once, and answered the same. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDocument"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SharedDocument_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One document, with its text */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SharedDocument_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a document; it can be restored
         * @description Everybody who has it open is told.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        /** Rename a document, or change its type */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DocumentChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SharedDocument_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/collaboration/documents/{document_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring a deleted document back */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SharedDocument_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A document's content as JSON, text or Markdown
         * @description As the server read it last, a moment ago as a rule. `version` says which version that is, `state` how true it is;
         *     of text and Markdown the headers `Document-Version`, `Document-Latest-Version` and `Document-State` say the same.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The form of the answer; it counts more than the Accept header. */
                    format?: ("text" | "markdown" | "json") | null;
                };
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        /** @description The version, and how it was read. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_DocumentContent_"];
                        "text/plain": string;
                        "text/markdown": string;
                    };
                };
                /** @description You have this version already (If-None-Match). */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        /**
         * Replace a document's content
         * @description Blocks and text that stay are left alone: cursors in them, and what others type there meanwhile, survive.
         *     The answer comes when the edit is committed.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Edit only if the document is at this version, such as "14"; 412 if it is not. */
                    "if-match"?: string | null;
                    /** @description A repeated request with the same key is done once. */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Text, Markdown as {"markdown": "..."}, the JSON of our editor, or {"roots": {...}} of other applications' documents. */
                        content: components["schemas"]["JsonValue"];
                        /** @description What the content is, where its shape does not say it: text or markdown for a string. */
                        content_format?: ("text" | "markdown" | "json") | null;
                        /** @description The version that you edited: the edit is made there, and merged with what others did since. Without it the edit is made on the document as it is when it arrives. */
                        base?: number | null;
                    };
                    "text/plain": string;
                    "text/markdown": string;
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ContentEdited_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit parts of a document's content
         * @description JSON Patch (RFC 6902) and text splices, done in order as one update: all of them or, if one does not fit, none.
         *     The answer comes when the edit is committed.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Edit only if the document is at this version, such as "14"; 412 if it is not. */
                    "if-match"?: string | null;
                    /** @description A repeated request with the same key is done once. */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        operations: (components["schemas"]["SpliceOperation"] | components["schemas"]["AddOperation"] | components["schemas"]["RemoveOperation"] | components["schemas"]["ReplaceOperation"] | components["schemas"]["MoveOperation"] | components["schemas"]["CopyOperation"] | components["schemas"]["TestOperation"])[];
                        /** @description The version that you edited: the edit is made there, and merged with what others did since. Without it the edit is made on the document as it is when it arrives. */
                        base?: number | null;
                    };
                    "application/json-patch+json": string;
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ContentEdited_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/collaboration/documents/{document_id}/branches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The copies of a document of before a restore, oldest first
         * @description Who may edit the document sees all of them, anybody else his own. Those that were merged or discarded stay in the
         *     list for a while.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Branch__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/branches/{branch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One branch */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    branch_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Branch_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Discard a branch
         * @description Its content is dropped at once; that it was there is told for a while.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    branch_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/branches/{branch_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a branch */
        get: {
            parameters: {
                query?: {
                    /** @description All of it as one Yjs update (version 1), or what it says. */
                    format?: "update" | "text" | "markdown";
                };
                header?: never;
                path: {
                    document_id: string;
                    branch_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                        "text/plain": string;
                        "text/markdown": string;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/branches/{branch_id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge a branch into its document
         * @description What the document lacks of it becomes an edit by you, which everybody who has the document open sees. The answer
         *     comes when the edit is committed. To merge again changes nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    branch_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_MergedBranch_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * C9: what has happened in a workspace, newest first
         * @description Statistics come with the first page, and count everything that was asked for.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How far back. */
                    days?: number;
                    /** @description Only events of these types. */
                    type?: string[] | null;
                    /** @description Only what this user has done. */
                    user_id?: string | null;
                    /** @description Only what is about this document. */
                    document_id?: string | null;
                    /** @description The most rows of a page. */
                    limit?: number;
                    /** @description The next_cursor of the page before. */
                    cursor?: string | null;
                };
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Activity_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/sessions/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * C5: who is in which document now
         * @description By live connections only, at most a second old. The last active first.
         */
        get: {
            parameters: {
                query?: {
                    /** @description One of your workspaces; all of them when not given. */
                    workspace_id?: string | null;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Session__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * C8: invite somebody by e-mail
         * @description The address need not have an account, and the answer does not say whether it has one.
         *
         *     Inviting an address again changes its open invitation and makes its former link worthless; so a repeated request
         *     leaves one invitation, and needs no Idempotency-Key. The link is good for seven days, and once.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SentInvitation_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The invitations into a workspace
         * @description The newest first. Those that have expired are among the open ones: they can be sent again.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Also those that were accepted or taken back. */
                    history?: boolean;
                    /** @description The most rows of a page. */
                    limit?: number;
                    /** @description The next_cursor of the page before. */
                    cursor?: string | null;
                };
                header?: never;
                path: {
                    workspace_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Invitation__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/invitations/{invitation_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an invitation again, with a new link
         * @description For seven days from now; the former link is worth nothing any more.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                    invitation_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SentInvitation_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/workspaces/{workspace_id}/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take an invitation back */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    workspace_id: string;
                    invitation_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The invitations that wait for me */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReceivedInvitation"][];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/invitations/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What an invitation's link is for
         * @description Nobody needs to be signed in. It does not say whether the address has an account.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OpenInvitation"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReceivedInvitation"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation with my account
         * @description By an account with the address that was invited. A link works once; of two who come at once, one gets in.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AcceptInvitation"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AcceptedInvitation"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/invitations/sign-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation by making an account
         * @description The account has the invited address, and is signed in.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignUp"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionReply"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * C7: the threads of a document, oldest first, with their replies
         * @description A page ends, too, when its comments come to a million characters. What was deleted is there as a tombstone.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only threads that are, or are not, resolved. */
                    resolved?: boolean | null;
                    /** @description Only threads in which something has changed at this time or later. */
                    since?: string | null;
                    /** @description The most threads of a page. */
                    limit?: number;
                    /** @description The next_cursor of the page before. */
                    cursor?: string | null;
                };
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Comment__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * C6: comment on a document, or reply
         * @description With a `thread_id` it is a reply; a position or an anchor is for a new thread only. An `id` of your own, or an
         *     `Idempotency-Key`, makes a repeat safe.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Yours: what is sent again under it is done once, and answered the same. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewComment"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Comment_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/comments/{comment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One comment; the first of a thread comes with its replies */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    comment_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Comment_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a comment of your own, or as an admin of the workspace any
         * @description Its text and reactions are gone for good; its place in the thread stays.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    comment_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Edit a comment of your own
         * @description Who is mentioned for the first time is told.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    comment_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CommentChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Comment_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/collaboration/documents/{document_id}/comments/{comment_id}/reactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put an emoji under a comment
         * @description Twenty different ones at most, each once for every user.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    comment_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewReaction"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Comment_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/comments/{comment_id}/reactions/{emoji}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take your emoji back */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    comment_id: string;
                    emoji: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Comment_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/threads/{thread_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One thread: its first comment, with the replies */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    thread_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Comment_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/threads/{thread_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a thread is dealt with
         * @description A thread that is resolved already stays as it is.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    thread_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Comment_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/threads/{thread_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a resolved thread again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                    thread_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Comment_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The webhooks that you may manage
         * @description An administrator's are all of the organisation; others see those of the workspaces that they administer.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only those of this workspace. */
                    workspace_id?: string | null;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Webhook__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * Have events sent to an address
         * @description The answer has the secret that deliveries are signed with; it is shown this once. An `Idempotency-Key` is not
         *     read here, for the answer would have to be kept.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_WebhookWithSecret_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One webhook */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    webhook_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Webhook_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        /** Remove a webhook with its log */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    webhook_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Change a webhook, disable it, or enable it again
         * @description From then on it rests on your right. What was not delivered while it was disabled is sent when it is enabled;
         *     what happened meanwhile is not.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    webhook_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Webhook_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description An event of the type `counterpoint.webhook.tested.v1`, whatever types the webhook is for; the list of deliveries
         *     says what became of it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    webhook_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_WebhookDelivery_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret
         * @description The former one signs too for a while, so that nothing is refused while you put the new one in place.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    webhook_id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["Rotation"] | null;
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_WebhookWithSecret_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was sent to a webhook, and what became of it
         * @description The newest first, with every try.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only those in this state. */
                    state?: ("pending" | "delivered" | "failed" | "withheld") | null;
                    /** @description The most rows of a page. */
                    limit?: number;
                    /** @description The next_cursor of the page before. */
                    cursor?: string | null;
                };
                header?: never;
                path: {
                    webhook_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_WebhookDelivery__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver an event once more
         * @description A delivery of its own with the same `webhook-id`: a receiver that has dealt with it passes it over.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    webhook_id: string;
                    delivery_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_WebhookDelivery_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server's key for push, and your devices */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Push_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/push/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have push messages sent to a browser
         * @description The same browser again is the same device; one that somebody else has used before is yours from now on. It ends
         *     when you sign out of the session that you have made it in, change your password elsewhere, or remove it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewSubscription"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_PushDevice_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/push/subscriptions/{subscription_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** No more push messages to a device */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    subscription_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/push/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to all your devices
         * @description Answers when their push services have. A 409 says why no device could be reached; where one could, `last_error`
         *     of the others says why they could not.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_PushDevice__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your inbox
         * @description The newest first. What happens to one subject is folded into one notification until you have read it.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Which ones. */
                    filter?: "all" | "unread";
                    /** @description The most rows of a page. */
                    limit?: number;
                    /** @description The next_cursor of the page before. */
                    cursor?: string | null;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Inbox_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many are unread, and how many are new */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_CountsState_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * You have looked at your inbox
         * @description All that has come until now is seen; it stays unread.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_CountsState_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark all notifications as read */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_CountsState_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * By what this server can tell you
         * @description What is chosen for another channel is kept, and has no effect until the server has it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Union_Literal__in_app____Literal__push____email____chat_____"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you are told of, how, and when not */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Preferences_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        /**
         * Choose what you are told of, how, and when not
         * @description All of it: kinds that are not named become what everybody has. What is critical is always told at once.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Preferences"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Preferences_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/{notification_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark a notification as read */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    notification_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_NotificationState_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/{notification_id}/unread": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark a notification as unread */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    notification_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_NotificationState_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/{notification_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a notification */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    notification_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collaboration/documents/{document_id}/subscription": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Of what in a document you are told */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Subscription_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        /**
         * Choose of what in a document you are told
         * @description `all`: every comment; `mentions`: where you are mentioned, and answers where you take part; `none`: nothing.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    document_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Subscription_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/mail/unsubscribe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask before the letters end
         * @description Changes nothing: programs that look at links in letters follow this one too.
         */
        get: {
            parameters: {
                query: {
                    /** @description Of the link at the end of a letter. */
                    token: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * No more letters
         * @description RFC 8058: one POST by a mail program, or by the button of the page. What is critical is still told.
         */
        post: {
            parameters: {
                query: {
                    /** @description Of the link at the end of a letter. */
                    token: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your chats, and which services there are */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Chat_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/chat/addresses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have notifications sent to a chat
         * @description The address is sealed, and shown to nobody again. A 501 says that this server sends nothing by chat.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewChatAddress"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ChatAddress_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/chat/addresses/{address_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** No more notifications to a chat */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    address_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/chat/addresses/{address_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to a chat of yours
         * @description Answers when the service has. A 409 says why it has not taken the message.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    address_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_ChatAddress_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The escalation policies */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Policy__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /** Make an escalation policy */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPolicy"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Policy_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/policies/{policy_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove an escalation policy
         * @description Escalations that have begun go on.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    policy_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Change an escalation policy
         * @description Escalations that have begun keep the steps that it had then.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    policy_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PolicyChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Policy_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/escalations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is escalated, and what was
         * @description The newest first.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only those in these states. */
                    state?: ("open" | "exhausted" | "acknowledged" | "ended")[] | null;
                    /** @description The most rows of a page. */
                    limit?: number;
                    /** @description The next_cursor of the page before. */
                    cursor?: string | null;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_EscalationState__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * Escalate something
         * @description A subject that is being escalated already is not begun again: the answer is 200, with what is under way.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewEscalation"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_EscalationState_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One escalation: its steps, and who was told
         * @description Also for who was told of it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    escalation_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Escalation_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * You have taken it on: nobody else is told
         * @description For who was told of it, and who has the permission alerts.manage. The first one counts.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    escalation_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_EscalationState_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What it was about is over
         * @description For who was told of it, and who has the permission alerts.manage.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    escalation_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_EscalationState_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Data sources, by their ids
         * @description `all` and nothing mean no filter. Where there are more, the header `Link` has the address of the next page.
         */
        get: {
            parameters: {
                query?: {
                    source_type?: string | null;
                    status?: string | null;
                    environment?: string | null;
                    criticality?: string | null;
                    data_classification?: string | null;
                    owner?: string | null;
                    team?: string | null;
                    /** @description A part of the name. */
                    search?: string | null;
                    /** @description Only those behind this id. */
                    after?: number;
                    /** @description The most rows of a page. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DataSource"][];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * Add a data source
         * @description Nothing is connected by this: test the connection, then start monitoring. The password is sealed at once, and no
         *     answer, event or log has it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Yours: what is sent again under it is done once, and answered the same. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDataSource"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DataSource"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/test-connection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a connection that is not saved
         * @description As it would be after it was added. 200 also when it does not work: `success` and `message` say.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDataSource"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectionTest"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One data source */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DataSource"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        /**
         * Change a data source
         * @description What is not given stays, by either method. `version`: the one you have seen; 409 when there is a newer one.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DataSourceChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DataSource"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        post?: never;
        /**
         * Remove a data source
         * @description It is not watched any more, and its password is forgotten.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Change a data source
         * @description What is not given stays, by either method. `version`: the one you have seen; 409 when there is a newer one.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DataSourceChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DataSource"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}/test-connection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try the connection of a data source
         * @description Connects now, asks for its figures once, and says what worked, what did not, and why. 200 also when it does not
         *     work.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectionTest"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a data source can deliver, and how to let us in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Capabilities"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state that sampling has found last */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SourceHealth"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a data source has answered in the last 24 hours */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SourceStats"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}/version-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Not kept
         * @description Calls of the contract's clients that this server has no truth for: it opens one connection to a source, keeps no
         *     catalogue of its tables and no older versions of its settings, and gives rights by roles, not by source.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                501: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}/access-control": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Not kept
         * @description Calls of the contract's clients that this server has no truth for: it opens one connection to a source, keeps no
         *     catalogue of its tables and no older versions of its settings, and gives rights by roles, not by source.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                501: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Not kept
         * @description Calls of the contract's clients that this server has no truth for: it opens one connection to a source, keeps no
         *     catalogue of its tables and no older versions of its settings, and gives rights by roles, not by source.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                501: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scan/data-sources/{data_source_id}/connection-pool-stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Not measured
         * @description Calls of the contract's clients that this server has no truth for: it opens one connection to a source, keeps no
         *     catalogue of its tables and no older versions of its settings, and gives rights by roles, not by source.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                501: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/monitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which data sources are sampled, and how that goes
         * @description By the ids of their sources; `after` goes on behind one. A node that has just died is seen to within seconds.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only those of data sources behind this id. */
                    after?: number;
                    /** @description The most rows of a page. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Monitor__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Push a sample
         * @description Stored, judged by thresholds and told live as the server's own samples are. 409 for a second one of the same
         *     moment.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PushedSample"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SampleTaken_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/monitoring/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sample data sources from now on
         * @description Survives restarts, and the death of the node that samples. Asked again, the new interval and metrics count.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["StartMonitoring"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_MonitoringStarted_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/monitoring/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rest from sampling a data source
         * @description Start goes on. What was measured stays.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["StopMonitoring"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_MonitoringStopped_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/monitoring/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sample a data source no more
         * @description What was measured stays, for its time. Stopping twice is the same as once.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["StopMonitoring"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_MonitoringStopped_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/metrics/{data_source_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The figures of a data source now
         * @description The newest reading of each metric, if it is of the last three intervals; what is not there has its reason in
         *     `unavailable`. `overall_score` is that of the metric that stands worst against its threshold. `/ws/data-sources` and
         *     the channel `metrics:{id}` tell each new sample.
         */
        get: {
            parameters: {
                query?: {
                    /** @description 1h, 6h, 24h, 7d, 30d, 90d or 1y; nothing means 24h. */
                    time_range?: string | null;
                    /** @description Names of metrics, repeated or with commas; nothing means all of them. */
                    metric_types?: string[];
                };
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MetricsReply"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/metrics/{data_source_id}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A chart of a data source
         * @description At most 732 points of each metric; where nothing was measured there is no point.
         */
        get: {
            parameters: {
                query?: {
                    /** @description 1h, 6h, 24h, 7d, 30d, 90d or 1y; nothing means 24h. */
                    time_range?: string | null;
                    /** @description Names of metrics, repeated or with commas; nothing means all of them. */
                    metric_types?: string[];
                };
                header?: never;
                path: {
                    data_source_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SeriesReply_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/thresholds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Thresholds, by their ids
         * @description One of a source counts instead of one of all sources for the same metric and operator.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Those that concern this source. */
                    data_source_id?: number | null;
                    /** @description Only those behind this id. */
                    after?: number;
                    /** @description The most rows of a page. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Threshold__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * Set a threshold
         * @description What passes `warning_threshold` is a warning, what passes `critical_threshold` is critical. Every sample from now
         *     on is judged by it. One for each metric, source and operator.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Yours: what is sent again under it is done once, and answered the same. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewThreshold"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Threshold_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/thresholds/{threshold_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a threshold
         * @description Its live alerts are resolved, and stay as history.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    threshold_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Change a threshold
         * @description What is not given stays. Disabled, its live alerts are resolved.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    threshold_id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ThresholdChanges"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Threshold_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        trace?: never;
    };
    "/performance/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alerts, the newest first
         * @description `all` and nothing mean every one. What changes is told in the channel `alerts`.
         */
        get: {
            parameters: {
                query?: {
                    severity?: "" | "all" | "info" | "warning" | "critical" | "error";
                    status?: "" | "all" | "open" | "acknowledged" | "resolved" | "closed";
                    /** @description Triggered in so many days. */
                    days?: number;
                    data_source_id?: number | null;
                    cursor?: string | null;
                    /** @description The most rows of a page. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_PerfAlert__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/alerts/{alert_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An alert, and what became of it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    alert_id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_AlertHistory_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/alerts/{alert_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an alert on
         * @description Nobody is called for it any more. 409 for one that is over; a repeat changes nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    alert_id: number;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["Acknowledge"] | null;
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_PerfAlert_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/alerts/{alert_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that an alert is over
         * @description `is_firing` says whether it still held; if it does for another interval, there is a new alert. A repeat changes
         *     nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    alert_id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Resolve"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_PerfAlert_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/alerts/{alert_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that an alert is not over
         * @description 409 for one that is closed, and where a newer one of the same thing is live.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    alert_id: number;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["Acknowledge"] | null;
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_PerfAlert_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Alerts of a Prometheus, as an Alertmanager takes them
         * @description Name this server under `alerting.alertmanagers` of Prometheus, with a token under `authorization`. What is sent
         *     again is the same alert; what ends, or is not sent for five minutes, is resolved.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PostableAlert"][];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: string;
                        };
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Silences
         * @description Those that last or are to come, the first to end first.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Those that are over, the last first. */
                    over?: boolean;
                    /** @description The most rows of a page. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Silence__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        /**
         * Silence alerts
         * @description While it lasts nobody is called for alerts that all `matchers` match (labels of the alert, and `severity`), or
         *     for the one of `alert_id`. They are listed all the same; what still holds when it is over is told then.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewSilence"];
                };
            };
            responses: {
                /** @description Successful Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Silence_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/silences/{silence_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a silence
         * @description A repeat changes nothing.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    silence_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Silence_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/analytics/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the metrics of data sources go
         * @description Direction, season, forecast and anomalies of each metric, from stored rollups; without `data_source_id` of the
         *     first sources that are sampled. With fewer than 24 points there is no forecast, and `reason` says so. Made once for
         *     each step of the chart.
         */
        get: {
            parameters: {
                query?: {
                    data_source_id?: number | null;
                    /** @description 1h to 1y; nothing means 30d. */
                    time_range?: string | null;
                    metric_types?: string[];
                    /** @description Only of sources behind this id. */
                    after?: number;
                    /** @description The most sources. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Trend__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/optimization/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Advice, the most urgent first
         * @description Sources are examined every five minutes. Each item shows in `current_state` the query, the numbers and the window
         *     that it rests on, and is gone when they do not hold any more. Nothing is changed by this server.
         */
        get: {
            parameters: {
                query?: {
                    data_source_id?: number | null;
                    state?: "open" | "dismissed";
                    /** @description The most rows. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_list_Recommendation__"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/optimization/recommendations/{recommendation_id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do not want a piece of advice
         * @description It stays away until it is reopened, whatever is read. A repeat changes nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recommendation_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Dismiss"];
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Recommendation_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/optimization/recommendations/{recommendation_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Want a piece of advice after all */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recommendation_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_Recommendation_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/reports/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A report over a time
         * @description Figures of each metric beside the time before, how much was measured of what was to be expected, and sentences
         *     over these numbers.
         */
        get: {
            parameters: {
                query?: {
                    /** @description 1h to 1y; nothing means 24h. */
                    time_range?: string | null;
                    /** @description Ids, repeated or with commas; nothing: all. */
                    data_sources?: string[];
                    /** @description How it is written. */
                    format?: "json" | "csv" | "pdf";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_PerfReport_"];
                        "text/csv": unknown;
                        "application/pdf": unknown;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Metrics of OpenTelemetry (OTLP/HTTP)
         * @description A resource whose attribute `counterpoint.data_source_id` is the id of a source, or whose `service.name` is its
         *     name, becomes a sample of it. Names are put behind `custom.`; sums that grow become rates, histograms and summaries
         *     a rate and a mean. What is not taken is told as `partial_success`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/x-protobuf": string;
                    "application/json": string;
                };
            };
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/performance/system/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the system is
         * @description Of the node that answers: measured every ten seconds, read here. Sources are those of the organisation.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Each data source as a component of its own. */
                    include_detailed?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Envelope_SystemReport_"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the system is, without an envelope
         * @description For older clients of the contract.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Successful Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SystemReport"];
                    };
                };
                "4XX": components["responses"]["Refused"];
                "5XX": components["responses"]["NotDone"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Either the link's token, or the id of an invitation from the list of one's own. */
        AcceptInvitation: {
            token?: string | null;
            id?: string | null;
        };
        AcceptedInvitation: {
            workspace_id: string;
            /**
             * @description The role from now on; who was a member before keeps the own one.
             * @enum {string}
             */
            role: "owner" | "admin" | "editor" | "viewer";
        };
        /** @description Clients of the contract send `user_id`, which is passed over: it is whoever is signed in. */
        Acknowledge: {
            comments?: string | null;
        };
        /** @description What its owner can do about a notification: a POST to `path`. `name`: `acknowledge`. */
        ActionState: {
            name: string;
            path: string;
        };
        /** @description The newest first. `stats` come with the first page. */
        Activity: {
            items: components["schemas"]["ActivityItem"][];
            stats: components["schemas"]["ActivityStats"] | null;
            next_cursor: string | null;
        };
        /** @description `id` is null where nobody in person has done it. */
        ActivityActor: {
            id: string | null;
            /** @enum {string} */
            kind: "person" | "token" | "step" | "sampler" | "system";
            name: string;
        };
        ActivityItem: {
            id: string;
            /** @description See docs/reference/events.md. */
            type: string;
            actor: components["schemas"]["ActivityActor"];
            /** Format: date-time */
            at: string;
            target: components["schemas"]["ActivityTarget"];
            /** @description A line of plain text. */
            summary: string;
            /** @description The offset in the stream of the workspace. */
            seq: number;
        };
        /** @description One of the things that a notification is about. */
        ActivityState: {
            event_id: string;
            type: string;
            actor: string | null;
            text: string;
            /** Format: date-time */
            at: string;
        };
        /** @description Of everything that was asked for, not only of the page. */
        ActivityStats: {
            by_day: components["schemas"]["DayCount"][];
            by_user: components["schemas"]["UserCount"][];
            by_type: components["schemas"]["TypeCount"][];
        };
        /** @description What it is about, such as a `document` and its id. */
        ActivityTarget: {
            type: string;
            id: string;
        };
        AdminCheck: {
            name: string;
            ok: boolean;
            /** @description What is wrong. */
            reason: string | null;
            /** @description What is worth knowing all the same. */
            note: string | null;
        };
        /** @description One socket, or one HTTP answer that lasts. Counts are since it came. */
        AdminConnection: {
            /** @description Of no other connection of any node, ever. */
            id: string;
            /** @description The name of its node. */
            node: string;
            /**
             * @description documents: a socket of a document's clients; feed: a socket for events; events: server-sent events; emulation: an answer of `/connection/http_stream` or `/connection/sse`.
             * @enum {string}
             */
            kind: "documents" | "feed" | "events" | "emulation";
            protocol: string;
            /** @description null before somebody has signed in. */
            user_id: string | null;
            /** @description null for people of other organisations, too. */
            user_name: string | null;
            organisation_id: string | null;
            address: string;
            /** Format: date-time */
            since: string;
            document_count: number;
            /** @description Ids of the documents that are open on it, a few at the most. */
            documents: string[];
            messages_in: number;
            bytes_in: number;
            messages_out: number;
            bytes_out: number;
            /** @description Written, and not taken by the system for the client yet. */
            waiting_bytes: number;
            /** @description So much waits that the client is passed over until it has taken that. */
            is_stalled: boolean;
        };
        AdminConnections: {
            /** @description Of all that match, on the nodes that have answered. */
            total: number;
            /** @description Those for which most waits first, then the oldest. */
            connections: components["schemas"]["AdminConnection"][];
            /** @description Nodes whose connections are not among these. */
            unknown: components["schemas"]["UnknownNode"][];
        };
        AdminHealth: {
            /** @description The name of the node that answers. */
            node: string;
            checks: components["schemas"]["AdminCheck"][];
        };
        /** @description One node that works on this store. */
        AdminNode: {
            id: string;
            name: string;
            version: string;
            /** Format: date-time */
            started_at: string;
            /** @description It is the node that answers. */
            is_this: boolean;
            /** @description Since its last beat, as far as the node that answers has seen. */
            silent_seconds: number;
            /** @description What it said at its last beat; null when they are unknown. */
            figures: {
                [key: string]: number;
            } | null;
            /** @description Why the figures are unknown. */
            unknown: string | null;
        };
        AdminPerson: {
            user_id: string;
            /** @description null for people of other organisations. */
            name: string | null;
            organisation_id: string;
        };
        AdminQuarantine: {
            total: number;
            rows: components["schemas"]["AdminQuarantined"][];
        };
        /** @description What no worker can read of a document: clients have it, and workers read the document without it. */
        AdminQuarantined: {
            document_id: string;
            /** @description null for documents of other organisations. */
            title: string | null;
            /** @description The row of the log. */
            position: number;
            reason: string;
            /** @description The user who sent it; null when that is not known. */
            writer: string | null;
            /** Format: date-time */
            found_at: string;
            /** @description null when neither the row nor a snapshot is there any more. */
            size_bytes: number | null;
        };
        /** @description One document that is open somewhere: the sum, or the worst, of what its nodes say. */
        AdminRoom: {
            document_id: string;
            /** @description null for documents of other organisations. */
            title: string | null;
            peers: number;
            users: number;
            /** @description Some of them. */
            people: components["schemas"]["AdminPerson"][];
            size_bytes: number;
            position: number;
            /** @description Of the node that is most behind. */
            behind_rows: number;
            is_saved: boolean;
            snapshot_position: number;
            is_folding: boolean;
            nodes: components["schemas"]["RoomHere"][];
        };
        AdminRooms: {
            /** @description Open documents of the nodes that have answered; of many, at least so many. */
            total: number;
            /** @description Those with the most peers first. */
            rooms: components["schemas"]["AdminRoom"][];
            /** @description Nodes whose rooms are not among these. */
            unknown: components["schemas"]["UnknownNode"][];
        };
        /** @description How far a document's log is folded into its snapshot. */
        AdminSnapshot: {
            document_id: string;
            /** @description The log is folded up to this row. */
            position: number;
            /** @description The row that was the last when it was asked for. */
            wanted_position: number;
            is_done: boolean;
        };
        /** @description What became of an alert at a moment. */
        AlertEntry: {
            /** Format: date-time */
            at: string;
            kind: string;
            actor: string;
            text: string;
            data: {
                [key: string]: unknown;
            };
        };
        /** @description An alert with what became of it, in order. */
        AlertHistory: {
            id: number;
            data_source_id: number | null;
            alert_type: string;
            /** @enum {string} */
            severity: "info" | "warning" | "critical" | "error";
            title: string;
            description: string;
            /** @enum {string} */
            status: "open" | "acknowledged" | "resolved" | "closed";
            labels: {
                [key: string]: string;
            };
            conditions: {
                [key: string]: unknown;
            }[];
            occurrences: number;
            is_firing: boolean;
            /** Format: date-time */
            triggered_at: string;
            acknowledged_at: string | null;
            acknowledged_by: string | null;
            resolved_at: string | null;
            resolved_by: string | null;
            resolution: string | null;
            muted_by: string | null;
            correlation_id: string;
            escalation_level: number;
            version: number;
            tags: string[];
            /** Format: date-time */
            last_seen_at: string;
            entries: components["schemas"]["AlertEntry"][];
        };
        /** @description Where a thread stands now. It is looked up when the document is read after edits, not when you ask. */
        Anchor: {
            /**
             * @description orphaned: the text was deleted. unknown: no worker has looked yet, or none can.
             * @enum {string}
             */
            state: "attached" | "orphaned" | "unknown";
            /** @description not_looked_up_yet; no_line (the text does not show its place); deleted; gone; unreadable; ... */
            reason: string | null;
            line: number | null;
            column: number | null;
            end_line: number | null;
            end_column: number | null;
            /** @description The text that it stood at when it was made. */
            quote: string | null;
            /**
             * @description The position was beyond the text, and was moved into it.
             * @default false
             */
            clamped: boolean;
            /** @description The document's version at which it was looked up. */
            version: number | null;
            /** @description Yjs's encodeRelativePosition, base64: who has the document finds it now. */
            start: string | null;
            end: string | null;
        };
        /** @description A reading far from what line and season let expect; `score` in standard deviations. */
        Anomaly: {
            /** Format: date-time */
            timestamp: string;
            value: number;
            expected: number;
            score: number;
        };
        /** @description A copy of a document as it was before a restore, with what was written in it; it is kept apart. */
        Branch: {
            id: string;
            document_id: string;
            /** @description Who has brought it. */
            user_id: string;
            user_name: string;
            /** @description The document's, as the client that brought it knew it. */
            incarnation: string;
            /** @description In bytes. */
            size: number;
            /** @enum {string} */
            state: "kept" | "merged" | "discarded";
            /** Format: date-time */
            created_at: string;
            /** @description When it was merged or discarded. */
            decided_at: string | null;
            /** @description The id of the user who has done that. */
            decided_by: string | null;
        };
        /** @description What this source can deliver, and how to let us in with the least rights. */
        Capabilities: {
            source_type: string;
            metrics: components["schemas"]["MetricCapability"][];
            unavailable: components["schemas"]["Unavailable"][];
            /** @description Markdown: what to do at the source, statement by statement. */
            set_up: string;
        };
        /** @description `points`: [milliseconds since 1970, mean, least, most, readings], for `step_seconds` from then on. */
        ChartLine: {
            metric: string;
            title: string;
            unit: string;
            worse: ("high" | "low") | null;
            points: [
                number,
                number,
                number,
                number,
                number
            ][];
        };
        /** @description `why_not`: what the operator has to do, where this server sends nothing by chat. */
        Chat: {
            installed: boolean;
            why_not: string | null;
            services: components["schemas"]["ChatService"][];
            addresses: components["schemas"]["ChatAddress"][];
        };
        /** @description `last_error`: what was wrong with the last message, when it was not taken. */
        ChatAddress: {
            id: string;
            service: string;
            label: string;
            /** Format: date-time */
            created_at: string;
            last_sent_at: string | null;
            last_error: string | null;
        };
        /** @description One that this server sends to, and how its addresses look. */
        ChatService: {
            name: string;
            example: string;
        };
        /** @description By which channels he is told of a kind. */
        Choice: {
            /** @default true */
            in_app?: boolean;
            /** @default false */
            push?: boolean;
            /** @default false */
            email?: boolean;
            /** @default false */
            chat?: boolean;
        };
        /** @description A comment; the one that begins a thread has the replies in it. */
        Comment: {
            id: string;
            document_id: string;
            author_id: string;
            author_name: string;
            /** @description As it was written; empty once it is deleted. */
            content: string;
            position: components["schemas"]["Position"] | null;
            /** @description The first comment of its thread; null for that one. */
            thread_id: string | null;
            /** @default [] */
            replies: components["schemas"]["Comment"][];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            edited_at: string | null;
            deleted_at: string | null;
            /** @default [] */
            mentions: components["schemas"]["Mention"][];
            /** @default [] */
            reactions: components["schemas"]["Reaction"][];
            anchor: components["schemas"]["Anchor"] | null;
            resolved_at: string | null;
            resolved_by: string | null;
        };
        CommentChanges: {
            /** @description Plain text or Markdown, at most 16,000 bytes. `@[Ada](user:ID)` mentions somebody. */
            content: string;
        };
        /** @description `score` null: it was not measured, and `issues` says why. */
        Component: {
            component: string;
            /** @enum {string} */
            status: "healthy" | "warning" | "critical" | "unknown";
            score: number | null;
            metrics: {
                [key: string]: number;
            };
            last_check: string | null;
            issues: string[];
        };
        /**
         * @description `for`: seconds that it must hold before it is an alert. `keep_firing`: seconds that it must be over before the
         *     alert is. `clear_at`: the level beyond which it is over, where that is another one than the warning.
         */
        Condition: {
            /** @enum {string} */
            type: "for" | "keep_firing" | "clear_at";
            value: number;
        };
        /** @description What a real connection has shown, now. `success`: it answered; `message` says what was wrong else. */
        ConnectionTest: {
            success: boolean;
            message: string;
            /** Format: date-time */
            tested_at: string;
            seconds: number;
            metrics: string[];
            unavailable: components["schemas"]["Unavailable"][];
        };
        /** @description An edit is committed. */
        ContentEdited: {
            document_id: string;
            /** @description The document's version with this edit. */
            version: number;
            /** @description False: the document said so already. */
            changed: boolean;
            /** @description Others have edited since the version that this edit was made on: read it again. */
            merged: boolean;
        };
        /** @description What workers could not read of a document. Clients have all of it: only content over REST lacks something. */
        ContentTrouble: {
            reason: string;
            /** @description The versions whose updates are left out of `content`. */
            positions: number[];
            /** @description Whose updates these are, as far as it is known. */
            writers: string[];
        };
        /** @description How many were not read, and how many have come since the inbox was looked at. */
        CountsState: {
            unread: number;
            unseen: number;
        };
        /** @description A data source. What is not measured is null, and `unknown` says why. */
        DataSource: {
            id: number;
            name: string;
            source_type: string;
            location: string;
            host: string;
            port: number | null;
            username: string | null;
            has_password: boolean;
            use_encryption: boolean;
            database_name: string | null;
            options: components["schemas"]["SourceOptions"];
            description: string;
            /** @enum {string} */
            status: "active" | "inactive" | "error" | "pending" | "syncing" | "maintenance";
            status_reason: string | null;
            /** Format: date-time */
            status_at: string;
            /** @enum {string} */
            environment: "production" | "staging" | "development" | "test";
            /** @enum {string} */
            criticality: "critical" | "high" | "medium" | "low";
            /** @enum {string} */
            data_classification: "public" | "internal" | "confidential" | "restricted";
            tags: string[];
            owner: string | null;
            team: string | null;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            health_score: number | null;
            compliance_score: number | null;
            avg_response_time: number | null;
            uptime_percentage: number | null;
            cost_per_month: number | null;
            scan_frequency: string | null;
            /** @description Why a field is null, by its name. */
            unknown: {
                [key: string]: string;
            };
        };
        /**
         * @description What is not given stays; null takes away what may be missing. Another type is another source.
         *
         *     version     the one that you have seen; a source that was changed since is not changed (409)
         */
        DataSourceChanges: {
            version?: number | null;
            name?: string | null;
            host?: string | null;
            port?: number | null;
            location?: ("on_prem" | "cloud" | "hybrid") | null;
            username?: string | null;
            password_secret?: string | null;
            database_name?: string | null;
            use_encryption?: boolean | null;
            options?: components["schemas"]["SourceOptions"] | null;
            description?: string | null;
            environment?: ("production" | "staging" | "development" | "test") | null;
            criticality?: ("critical" | "high" | "medium" | "low") | null;
            data_classification?: ("public" | "internal" | "confidential" | "restricted") | null;
            tags?: string[] | null;
            owner?: string | null;
            team?: string | null;
        };
        DayCount: {
            /** @description In UTC. */
            day: string;
            count: number;
        };
        /** @description `status` is null where no answer came. */
        DeliveryAttempt: {
            number: number;
            /** Format: date-time */
            at: string;
            seconds: number;
            status: number | null;
            why: string | null;
        };
        Dismiss: {
            reason: string;
        };
        /** @description Only the fields that are there change; the content has an address of its own. */
        DocumentChanges: {
            title?: string | null;
            type?: ("report" | "analysis" | "dashboard" | "workflow" | "policy") | null;
        };
        /** @description What a document says at a version. */
        DocumentContent: {
            document_id: string;
            /** @description The version that this is: the number of committed updates that it has. */
            version: number;
            /** @description The document's version now. */
            latest_version: number;
            /**
             * @description Is it the latest version, and all of it?
             * @enum {string}
             */
            state: "current" | "stale" | "partial" | "unreadable";
            /** @enum {string} */
            format: "text" | "markdown" | "json";
            /** @description {"type": "doc", "content": [...]} of our editor, {"roots": {name: value}} of other applications. */
            content: unknown;
        };
        Envelope_Activity_: {
            data: components["schemas"]["Activity"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_AdminConnections_: {
            data: components["schemas"]["AdminConnections"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_AdminHealth_: {
            data: components["schemas"]["AdminHealth"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_AdminQuarantine_: {
            data: components["schemas"]["AdminQuarantine"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_AdminRooms_: {
            data: components["schemas"]["AdminRooms"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_AdminSnapshot_: {
            data: components["schemas"]["AdminSnapshot"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_AlertHistory_: {
            data: components["schemas"]["AlertHistory"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Branch_: {
            data: components["schemas"]["Branch"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_ChatAddress_: {
            data: components["schemas"]["ChatAddress"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Chat_: {
            data: components["schemas"]["Chat"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Comment_: {
            data: components["schemas"]["Comment"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_ContentEdited_: {
            data: components["schemas"]["ContentEdited"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_CountsState_: {
            data: components["schemas"]["CountsState"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_DocumentContent_: {
            data: components["schemas"]["DocumentContent"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_EscalationState_: {
            data: components["schemas"]["EscalationState"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Escalation_: {
            data: components["schemas"]["Escalation"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Inbox_: {
            data: components["schemas"]["Inbox"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Member_: {
            data: components["schemas"]["Member"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_MergedBranch_: {
            data: components["schemas"]["MergedBranch"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_MonitoringStarted_: {
            data: components["schemas"]["MonitoringStarted"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_MonitoringStopped_: {
            data: components["schemas"]["MonitoringStopped"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_NotificationState_: {
            data: components["schemas"]["NotificationState"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_PerfAlert_: {
            data: components["schemas"]["PerfAlert"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_PerfReport_: {
            data: components["schemas"]["PerfReport"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Policy_: {
            data: components["schemas"]["Policy"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Preferences_: {
            data: components["schemas"]["Preferences"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_PushDevice_: {
            data: components["schemas"]["PushDevice"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Push_: {
            data: components["schemas"]["Push"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Recommendation_: {
            data: components["schemas"]["Recommendation"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_SampleTaken_: {
            data: components["schemas"]["SampleTaken"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_SentInvitation_: {
            data: components["schemas"]["SentInvitation"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_SeriesReply_: {
            data: components["schemas"]["SeriesReply"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_SharedDocument_: {
            data: components["schemas"]["SharedDocument"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Silence_: {
            data: components["schemas"]["Silence"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Subscription_: {
            data: components["schemas"]["Subscription"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_SystemReport_: {
            data: components["schemas"]["SystemReport"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Threshold_: {
            data: components["schemas"]["Threshold"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_WebhookDelivery_: {
            data: components["schemas"]["WebhookDelivery"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_WebhookWithSecret_: {
            data: components["schemas"]["WebhookWithSecret"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Webhook_: {
            data: components["schemas"]["Webhook"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_Workspace_: {
            data: components["schemas"]["Workspace"];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_AdminNode__: {
            data: components["schemas"]["AdminNode"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Branch__: {
            data: components["schemas"]["Branch"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Comment__: {
            data: components["schemas"]["Comment"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_EscalationState__: {
            data: components["schemas"]["EscalationState"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Invitation__: {
            data: components["schemas"]["Invitation"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Member__: {
            data: components["schemas"]["Member"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Monitor__: {
            data: components["schemas"]["Monitor"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_PerfAlert__: {
            data: components["schemas"]["PerfAlert"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Policy__: {
            data: components["schemas"]["Policy"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_PushDevice__: {
            data: components["schemas"]["PushDevice"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Recommendation__: {
            data: components["schemas"]["Recommendation"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Session__: {
            data: components["schemas"]["Session"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_SharedDocument__: {
            data: components["schemas"]["SharedDocument"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Silence__: {
            data: components["schemas"]["Silence"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Threshold__: {
            data: components["schemas"]["Threshold"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Trend__: {
            data: components["schemas"]["Trend"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Union_Literal__in_app____Literal__push____email____chat_____: {
            data: ("in_app" | ("push" | "email" | "chat"))[];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_WebhookDelivery__: {
            data: components["schemas"]["WebhookDelivery"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Webhook__: {
            data: components["schemas"]["Webhook"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        Envelope_list_Workspace__: {
            data: components["schemas"]["Workspace"][];
            next_cursor: string | null;
            stream: components["schemas"]["StreamPlace"] | null;
        };
        /** @description One escalation with its steps, and who was told. */
        Escalation: {
            escalation: components["schemas"]["EscalationState"];
            steps: components["schemas"]["Step"][];
            told: components["schemas"]["Told"][];
        };
        /**
         * @description An escalation as its list shows it.
         *
         *     `subject`: what it is about, such as `incident/42`. `state`: `open` while its steps are taken; `exhausted` when all
         *     were and nobody has acknowledged it; `acknowledged`; `ended`. `level`: the highest of its `steps` that was reached.
         *     `due_at`: when it goes on by itself. `told`: how many people were told. People without an id are programs.
         */
        EscalationState: {
            id: string;
            subject: string;
            severity: string;
            title: string;
            text: string;
            path: string;
            policy_id: string | null;
            policy_name: string | null;
            /** @enum {string} */
            state: "open" | "exhausted" | "acknowledged" | "ended";
            level: number;
            steps: number;
            told: number;
            due_at: string | null;
            /** Format: date-time */
            started_at: string;
            started_by: components["schemas"]["PersonState"] | null;
            acknowledged_at: string | null;
            acknowledged_by: components["schemas"]["PersonState"] | null;
            ended_at: string | null;
            ended_by: components["schemas"]["PersonState"] | null;
        };
        /** @description `lower` to `upper` held nine of ten readings when forecasts of this series were tried on its own past. */
        ForecastPoint: {
            /** Format: date-time */
            timestamp: string;
            value: number;
            lower: number;
            upper: number;
        };
        Group: {
            id: string;
            name: string;
            /** Format: date-time */
            created_at: string;
            members: components["schemas"]["GroupMember"][];
        };
        GroupInput: {
            name: string;
        };
        GroupMember: {
            user_id: string;
            name: string;
        };
        /** @description A page of notifications, and how many there are. */
        Inbox: {
            items: components["schemas"]["NotificationState"][];
            counts: components["schemas"]["CountsState"];
        };
        /** @description As those see it who may invite. */
        Invitation: {
            id: string;
            workspace_id: string;
            email: string;
            /** @enum {string} */
            role: "owner" | "admin" | "editor" | "viewer";
            /**
             * @description `pending` is open; `expired` and `void` (whoever has sent it may not invite any more) can be sent again; `accepted` and `revoked` are over.
             * @enum {string}
             */
            status: "pending" | "accepted" | "revoked" | "expired" | "void";
            message: string;
            /** @description The id of whoever has sent it last. */
            invited_by: string;
            inviter_name: string;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When its newest link was made; earlier ones are no good.
             */
            sent_at: string;
            /** Format: date-time */
            expires_at: string;
        };
        JsonValue: unknown;
        /** @description Why connections are closed; their user is told. */
        KickRequest: {
            /** @default An administrator has closed this connection. */
            reason?: string;
        };
        LoginRequest: {
            email: string;
            password: string;
        };
        /** @description As Alertmanager has them: a label and what it must be, or must not be. */
        Matcher: {
            name: string;
            value: string;
            /** @default false */
            isRegex?: boolean;
            /** @default true */
            isEqual?: boolean;
        };
        Member: {
            user_id: string;
            username: string;
            email: string | null;
            /** @enum {string} */
            role: "owner" | "admin" | "editor" | "viewer";
            /** Format: date-time */
            joined_at: string;
            last_active: string | null;
            permissions: string[];
        };
        /** @description Somebody whom the text mentions, under the name that stands there. */
        Mention: {
            /** @enum {string} */
            kind: "user" | "group";
            id: string;
            name: string;
        };
        MergedBranch: {
            branch: components["schemas"]["Branch"];
            /** @description A version of the document that has what the branch had. */
            version: number;
            /** @description False: the document had all of it before. */
            changed: boolean;
        };
        /** @description `unit`: ms, s, %, B, /s, B/s, days or empty. `worse`: the direction that means trouble. */
        MetricCapability: {
            name: string;
            title: string;
            unit: string;
            worse: ("high" | "low") | null;
        };
        /**
         * @description A metric as it was measured last.
         *
         *     threshold         what it must not pass; None: nobody has set one, and `status` is unknown
         *     trend             the mean of `time_range` beside that of the time before it: `stable` within 5 %
         *     previous_value    the mean of the time before
         *     metadata          title, `worse` (high or low), the threshold, and the means with their counts
         */
        MetricFigure: {
            id: string;
            data_source_id: number;
            metric_type: string;
            value: number;
            unit: string;
            threshold: number | null;
            /** @enum {string} */
            status: "good" | "warning" | "critical" | "unknown";
            /** @enum {string} */
            trend: "increasing" | "decreasing" | "stable" | "unknown";
            previous_value: number | null;
            change_percentage: number | null;
            /** Format: date-time */
            measurement_time: string;
            time_range: string;
            metadata: {
                [key: string]: unknown;
            };
        };
        /** @description change_percentage   of the mean, beside the time before; None where there was nothing to compare with */
        MetricSummary: {
            data_source_id: number;
            data_source_name: string;
            metric: string;
            title: string;
            unit: string;
            mean: number;
            min: number;
            max: number;
            last: number;
            readings: number;
            change_percentage: number | null;
        };
        /** @description `data` has the flat figures once more; those that were not measured are absent (not null), and have a reason. */
        MetricsData: {
            overall_score: number | null;
            metrics: components["schemas"]["MetricFigure"][];
            alerts: {
                [key: string]: unknown;
            }[];
            trends: {
                [key: string]: components["schemas"]["TrendOf"];
            };
            recommendations: {
                [key: string]: unknown;
            }[];
            unavailable: components["schemas"]["Unavailable"][];
            data: {
                [key: string]: number;
            };
            response_time: number | null;
            throughput: number | null;
            error_rate: number | null;
            cpu_usage: number | null;
            memory_usage: number | null;
            disk_usage: number | null;
        };
        /** @description The same for each of the contract's three readers: of the body, of `data`, and of `data.data`. */
        MetricsReply: {
            data: components["schemas"]["MetricsData"];
            overall_score: number | null;
            metrics: components["schemas"]["MetricFigure"][];
            alerts: {
                [key: string]: unknown;
            }[];
            trends: {
                [key: string]: components["schemas"]["TrendOf"];
            };
            recommendations: {
                [key: string]: unknown;
            }[];
        };
        /**
         * @description Whether a source is sampled, by which node, and how that went the last time.
         *
         *     node            None: no node samples it at the moment
         *     failures        in a row, up to now
         *     slow_until      it was too slow to answer, and is left alone until then
         */
        Monitor: {
            data_source_id: number;
            /** @enum {string} */
            status: "running" | "paused" | "stopped" | "pushed";
            interval: number;
            metrics: string[] | null;
            /** Format: date-time */
            started_at: string;
            stopped_at: string | null;
            samples_taken: number;
            failures: number;
            last_sample_at: string | null;
            last_sample_seconds: number | null;
            last_error: string | null;
            slow_until: string | null;
            next_sample_at: string | null;
            node: string | null;
        };
        /** @description `monitor_id`: the ids of the sources, with commas. */
        MonitoringStarted: {
            monitor_id: string;
            data_source_ids: number[];
            metrics: string[] | null;
            interval: number;
            /** Format: date-time */
            started_at: string;
            next_sample_at: string | null;
            /** @constant */
            status: "running";
        };
        MonitoringStopped: {
            data_source_id: number;
            stopped_at: string | null;
            samples_taken: number;
            /** @enum {string} */
            status: "paused" | "stopped";
        };
        /** @description It is a secret: nobody is shown it again, not even its owner. */
        NewChatAddress: {
            /** @description As Apprise has it (`tgram://...`), or as the service shows it (`https://hooks.slack.com/...`). */
            url: string;
            /**
             * @description How you know it again in the list.
             * @default Chat
             */
            label?: string;
        };
        NewComment: {
            /** @description Plain text or Markdown, at most 16,000 bytes. `@[Ada](user:ID)` mentions somebody. */
            content: string;
            /** @description Where the new thread stands, if you have no anchor. */
            position?: components["schemas"]["Place"] | null;
            /** @description The thread to reply to: its first comment. */
            thread_id?: string | null;
            anchor?: components["schemas"]["TextRange"] | null;
            id?: string | null;
        };
        /** @description `password_secret` is sealed, and never answered. */
        NewDataSource: {
            name: string;
            /** @enum {string} */
            source_type: "postgresql" | "mysql" | "mariadb" | "redis" | "sqlite" | "http" | "host";
            /**
             * @description A host's name or address; the full URL for `http`; the full path for `sqlite`; empty for `host`.
             * @default
             */
            host?: string;
            port?: number | null;
            /**
             * @default on_prem
             * @enum {string}
             */
            location?: "on_prem" | "cloud" | "hybrid";
            username?: string | null;
            password_secret?: string | null;
            database_name?: string | null;
            /** @default false */
            use_encryption?: boolean;
            /** @default {} */
            options?: components["schemas"]["SourceOptions"];
            /** @default  */
            description?: string;
            /**
             * @default production
             * @enum {string}
             */
            environment?: "production" | "staging" | "development" | "test";
            /**
             * @default medium
             * @enum {string}
             */
            criticality?: "critical" | "high" | "medium" | "low";
            /**
             * @default internal
             * @enum {string}
             */
            data_classification?: "public" | "internal" | "confidential" | "restricted";
            /** @default [] */
            tags?: string[];
            owner?: string | null;
            team?: string | null;
        };
        NewDocument: {
            title: string;
            /** @enum {string} */
            type: "report" | "analysis" | "dashboard" | "workflow" | "policy";
            /** @description Text, Markdown as {"markdown": "..."}, or the JSON of our editor; null is empty. */
            content?: components["schemas"]["JsonValue"];
            /** @description What the content is, where its shape does not say it: text or markdown for a string. */
            content_format?: ("text" | "markdown" | "json") | null;
        };
        /**
         * @description It follows `policy_id`, or `steps` of its own, or else the organisation's policy for its severity.
         *
         *     `path`: where the notification of it leads in the web app.
         */
        NewEscalation: {
            /**
             * @description What it is about. One subject is escalated once at a time.
             * @example incident/42
             */
            subject: string;
            /**
             * @default high
             * @enum {string}
             */
            severity?: "info" | "warning" | "high" | "critical";
            title: string;
            /** @default  */
            text?: string;
            /** @default /inbox */
            path?: string;
            policy_id?: string | null;
            steps?: components["schemas"]["Step"][] | null;
        };
        /** @description Whoever reads the mail of this address may come in. There need not be an account for it. */
        NewInvitation: {
            email: string;
            /** @enum {string} */
            role: "owner" | "admin" | "editor" | "viewer";
            /** @description What the invitation says besides, as plain text. */
            message?: string | null;
        };
        /** @description An existing user of the same organisation, by e-mail address. */
        NewMember: {
            email: string;
            /** @description The workspace's default role when not given. */
            role?: ("owner" | "admin" | "editor" | "viewer") | null;
        };
        NewPolicy: {
            name: string;
            steps: components["schemas"]["Step"][];
            /**
             * @description Escalations of these severities follow this policy when they name none.
             * @default []
             */
            severities?: ("info" | "warning" | "high" | "critical")[];
        };
        NewReaction: {
            /** @description One emoji. */
            emoji: string;
        };
        /** @description From `starts_at` (now, where none is given) to `ends_at`. `alert_id`: for that alert alone, and over with it. */
        NewSilence: {
            /** @default [] */
            matchers?: components["schemas"]["Matcher"][];
            comment: string;
            starts_at?: string | null;
            /** Format: date-time */
            ends_at: string;
            alert_id?: number | null;
        };
        /** @description What `PushSubscription.toJSON()` gives in a browser, and what the device is called. */
        NewSubscription: {
            /** @description Where the browser's push service takes messages for it; its host must be a known push service. */
            endpoint: string;
            keys: components["schemas"]["SubscriptionKeys"];
            /** @description Not kept: the push service says when it is over. */
            expirationTime?: number | null;
            /** @description How you know it again in the list; not given, it stays. */
            device?: string | null;
            /** @description The endpoint that the same browser had before; its row becomes this one. */
            replaces?: string | null;
        };
        /** @description `data_source_id` null: every source that can deliver the metric. `labels` go into its alerts. */
        NewThreshold: {
            metric_name: string;
            warning_threshold: number;
            critical_threshold: number;
            /** @enum {string} */
            operator: "gt" | "lt" | "eq" | "ne";
            data_source_id?: number | null;
            /** @default [] */
            conditions?: components["schemas"]["Condition"][];
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            /** @default true */
            enabled?: boolean;
        };
        NewTokenRequest: {
            name: string;
            scopes: components["schemas"]["Scope"][];
            /**
             * @description When it ends by itself; null: never.
             * @default 90
             */
            expires_in_days?: number | null;
        };
        NewUserRequest: {
            email: string;
            name: string;
            password: string;
            /** @default data_analyst */
            role?: components["schemas"]["OrganisationRole"];
        };
        /** @description `workspace_id`: only the events of this workspace; not given: all that you may see in the organisation. */
        NewWebhook: {
            /** @description Where to: https, in a public network. */
            url: string;
            /**
             * @description Types of events, such as `counterpoint.comment.added.v1`; `*` stands for any part of one.
             * @default [
             *       "*"
             *     ]
             */
            types?: string[];
            workspace_id?: string | null;
            /**
             * @description What it is for.
             * @default
             */
            description?: string;
        };
        NewWorkspace: {
            name: string;
            /** @enum {string} */
            type: "data_analysis" | "data_governance" | "compliance" | "security";
            /** @default  */
            description?: string;
            /**
             * @default {
             *       "default_role": "editor",
             *       "notify": true
             *     }
             */
            settings?: components["schemas"]["WorkspaceSettings"];
        };
        /**
         * @description A notification as its owner sees it.
         *
         *     `activities` are the last fifty, the oldest first, of `count` since it was read. `path`: where it is read in the web
         *     app. `title` and `text` are those of the newest activity, in plain text.
         */
        NotificationState: {
            id: string;
            kind: string;
            subject: string;
            /** @enum {string} */
            severity: "info" | "warning" | "high" | "critical";
            title: string;
            text: string;
            path: string;
            workspace_id: string | null;
            document_id: string | null;
            thread_id: string | null;
            actor: components["schemas"]["PersonState"] | null;
            count: number;
            activities: components["schemas"]["ActivityState"][];
            action: components["schemas"]["ActionState"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            notified_at: string | null;
            seen_at: string | null;
            read_at: string | null;
        };
        /** @description The part of the link after the #; it stands in the body, so that no log of addresses has it. */
        OpenInvitation: {
            token: string;
        };
        Organisation: {
            id: string;
            name: string;
        };
        /**
         * @description What somebody is in an organisation.
         * @enum {string}
         */
        OrganisationRole: "admin" | "data_steward" | "data_analyst" | "viewer";
        /** @description One person, with one window or many. */
        Participant: {
            user_id: string;
            username: string;
            /** @description Always null: cursors follow the text, and are told by the document's own socket. */
            cursor_position: null;
            /** @description Always null, for the same reason. */
            selection: null;
            /**
             * @description `idle` after 60 seconds without an edit or a move of the cursor, `away` after five minutes.
             * @enum {string}
             */
            status: "active" | "idle" | "away";
            /**
             * Format: date-time
             * @description When the longest open connection came.
             */
            since: string;
            /**
             * Format: date-time
             * @description The last edit, move of the cursor, or arrival.
             */
            last_seen: string;
            connections: number;
        };
        PasswordChange: {
            current: string;
            new: string;
        };
        /** @description An alert. `tags`: its labels, as name:value. */
        PerfAlert: {
            id: number;
            data_source_id: number | null;
            alert_type: string;
            /** @enum {string} */
            severity: "info" | "warning" | "critical" | "error";
            title: string;
            description: string;
            /** @enum {string} */
            status: "open" | "acknowledged" | "resolved" | "closed";
            labels: {
                [key: string]: string;
            };
            conditions: {
                [key: string]: unknown;
            }[];
            occurrences: number;
            is_firing: boolean;
            /** Format: date-time */
            triggered_at: string;
            acknowledged_at: string | null;
            acknowledged_by: string | null;
            resolved_at: string | null;
            resolved_by: string | null;
            resolution: string | null;
            muted_by: string | null;
            correlation_id: string;
            escalation_level: number;
            version: number;
            tags: string[];
            /** Format: date-time */
            last_seen_at: string;
        };
        /** @description `insights` are sentences over computed numbers; `recommendations` the titles of open advice. */
        PerfReport: {
            id: string;
            /** @constant */
            report_type: "summary";
            time_range: string;
            /** Format: date-time */
            start: string;
            /** Format: date-time */
            end: string;
            data_sources: number[];
            metrics: components["schemas"]["MetricSummary"][];
            coverage: components["schemas"]["SourceCoverage"][];
            insights: string[];
            recommendations: string[];
            /** Format: date-time */
            generated_at: string;
            generated_by: string;
        };
        /**
         * @description What a role allows in the whole organisation; the names are those of the REST contract (section 2).
         * @enum {string}
         */
        Permission: "collaboration.view" | "collaboration.manage" | "workspace.create" | "workspace.edit" | "workflow.view" | "workflow.create" | "workflow.manage" | "workflow.execute" | "performance.view" | "performance.manage" | "alerts.view" | "alerts.manage" | "security.view" | "security.manage" | "audit.view" | "users.manage" | "webhooks.manage" | "escalations.manage" | "server.view" | "server.manage" | "account.view" | "account.manage";
        PermissionsReply: {
            permissions: components["schemas"]["Permission"][];
            role: components["schemas"]["OrganisationRole"];
        };
        /** @description Somebody, by the name that he had then. */
        PersonState: {
            id: string;
            name: string;
        };
        /** @description A place in the text as the server shows it (`format=text`). One beyond the text is moved into it, and flagged. */
        Place: {
            /** @description From 1 on. */
            line: number;
            /** @description From 1 on, in UTF-16 code units. */
            column: number;
        };
        /** @description Escalations that have begun keep the steps that it had then. */
        Policy: {
            id: string;
            name: string;
            steps: components["schemas"]["Step"][];
            severities: ("info" | "warning" | "high" | "critical")[];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What is not given stays. */
        PolicyChanges: {
            name?: string | null;
            steps?: components["schemas"]["Step"][] | null;
            severities?: ("info" | "warning" | "high" | "critical")[] | null;
        };
        Position: {
            line: number;
            column: number;
        };
        /** @description As Prometheus sends it. `endsAt` in the past: it is over. */
        PostableAlert: {
            labels: {
                [key: string]: string;
            };
            /** @default {} */
            annotations?: {
                [key: string]: string;
            };
            startsAt?: string | null;
            endsAt?: string | null;
            /** @default  */
            generatorURL?: string;
        };
        /**
         * @description What differs from what everybody is told; an answer has all kinds.
         *
         *     What is critical is told by every channel at once, whatever stands here.
         */
        Preferences: {
            kinds?: {
                [key: string]: components["schemas"]["Choice"];
            };
            quiet_hours?: components["schemas"]["QuietHours"];
            /**
             * @description E-mails wait for so long for what comes next.
             * @default 2
             */
            digest_minutes?: number;
        };
        /** @description `public_key`: the server's, in base64url, as `PushManager.subscribe` takes it for `applicationServerKey`. */
        Push: {
            public_key: string;
            subscriptions: components["schemas"]["PushDevice"][];
        };
        /**
         * @description `last_error`: what was wrong with the last message, when the push service did not take it. `endpoint_hash`: hex
         *     digits of the SHA-256 of its endpoint, by which a browser knows itself in the list.
         */
        PushDevice: {
            id: string;
            device: string;
            endpoint_hash: string;
            /** Format: date-time */
            created_at: string;
            last_sent_at: string | null;
            last_error: string | null;
        };
        /**
         * @description metrics    by name: of the catalogue, or your own as `custom.name`; a rate is pushed as a rate
         *     at         when they were measured: now, where none is given, else at most five minutes ago
         */
        PushedSample: {
            data_source_id: number;
            metrics: {
                [key: string]: number;
            };
            at?: string | null;
        };
        /** @description Nothing leaves the house between `start` and `end`; an end before the start is on the next day. */
        QuietHours: {
            /** @default false */
            enabled?: boolean;
            /**
             * @default 22:00
             * @example 22:00
             */
            start?: string;
            /**
             * @default 07:00
             * @example 07:00
             */
            end?: string;
            /** @default UTC */
            time_zone?: string;
        };
        Reaction: {
            emoji: string;
            count: number;
            /** @description You are among them. */
            mine: boolean;
            /** @description The first hundred, in the order in which they came. */
            users: components["schemas"]["Reactor"][];
        };
        Reactor: {
            user_id: string;
            username: string;
        };
        /** @description As the one sees it who is invited. */
        ReceivedInvitation: {
            id: string;
            workspace_id: string;
            workspace_name: string;
            email: string;
            /** @enum {string} */
            role: "owner" | "admin" | "editor" | "viewer";
            /**
             * @description `pending` is open; `expired` and `void` (whoever has sent it may not invite any more) can be sent again; `accepted` and `revoked` are over.
             * @enum {string}
             */
            status: "pending" | "accepted" | "revoked" | "expired" | "void";
            message: string;
            inviter_name: string;
            /** Format: date-time */
            expires_at: string;
        };
        /** @description Whom a step tells: people, all of a group, all who have a role in the organisation, as it is at that moment. */
        Recipients: {
            /** @default [] */
            users?: string[];
            /** @default [] */
            groups?: string[];
            /** @default [] */
            roles?: components["schemas"]["OrganisationRole"][];
        };
        /**
         * @description current_state   what it rests on: the `query`, the `rows` or `numbers` that it answered, `read_at`, and the
         *     `window` that the numbers are of
         */
        Recommendation: {
            id: string;
            data_source_id: number;
            rule: string;
            /** @enum {string} */
            category: "performance" | "resource" | "cost" | "security";
            /** @enum {string} */
            priority: "low" | "medium" | "high" | "critical";
            title: string;
            description: string;
            current_state: {
                [key: string]: unknown;
            };
            recommended_state: string;
            expected_impact: string;
            /** @enum {string} */
            implementation_effort: "low" | "medium" | "high";
            estimated_savings: string | null;
            prerequisites: string[];
            implementation_steps: string[];
            /** @enum {string} */
            state: "open" | "dismissed" | "gone";
            reason: string | null;
            /** Format: date-time */
            first_seen_at: string;
            /** Format: date-time */
            last_seen_at: string;
        };
        Resolve: {
            resolution: string;
            comments?: string | null;
        };
        RoleChange: {
            /** @enum {string} */
            role: "owner" | "admin" | "editor" | "viewer";
        };
        /** @description One document that is open on one node. */
        RoomHere: {
            /** @description The name of the node. */
            node: string;
            document_id: string;
            peers: number;
            users: number;
            /** @description Some of them; empty where they stand at the document. */
            people: components["schemas"]["AdminPerson"][];
            /** @description Of the room's content, as updates. */
            size_bytes: number;
            /** @description The row of the log up to which the room has everything. */
            position: number;
            /** @description Rows that are known to stand in the log, and are not in this room yet. */
            behind_rows: number;
            /** @description Everything that was written here is committed. */
            is_saved: boolean;
            /** @description Of the snapshot in force, as far as the node knows; 0: there is none. */
            snapshot_position: number;
            /** @description It is making a snapshot. */
            is_folding: boolean;
        };
        Rotation: {
            /**
             * @description For so long the former secret signs too; 0 when it has leaked.
             * @default 24
             */
            overlap_hours?: number;
        };
        SampleTaken: {
            data_source_id: number;
            /** Format: date-time */
            at: string;
            metrics: number;
        };
        /**
         * @description What a personal token can be limited to.
         * @enum {string}
         */
        Scope: "documents:read" | "documents:write" | "workspaces:manage" | "alerts:manage" | "metrics:read" | "sources:manage" | "account";
        /**
         * @description A figure from the Prometheus text that an address answers with.
         *
         *     name      what it is called here: `custom.` and a name of yours, or a figure that an address does not have by itself
         *     sample    as it stands in the text, such as `rabbitmq_queue_messages` or `http_requests_total`
         *     labels    only samples with these; others do not matter
         *     combine   what is made of several samples that match
         *
         *     What the text calls a counter (also counts and sums of histograms and summaries) becomes a rate per second.
         */
        ScrapedFigure: {
            name: string;
            sample: string;
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            /**
             * @default sum
             * @enum {string}
             */
            combine?: "sum" | "mean" | "max" | "min";
        };
        /** @description `strength`: correlation of a reading with the one a period before. `profile`: by step of the period, around 0. */
        Seasonality: {
            detected: boolean;
            period_hours: number | null;
            strength: number | null;
            profile: number[];
            reason: string | null;
        };
        /** @description An invitation that was sent just now. The answer is the same whether the address has an account or not. */
        SentInvitation: {
            id: string;
            workspace_id: string;
            email: string;
            /** @enum {string} */
            role: "owner" | "admin" | "editor" | "viewer";
            /**
             * @description `pending` is open; `expired` and `void` (whoever has sent it may not invite any more) can be sent again; `accepted` and `revoked` are over.
             * @enum {string}
             */
            status: "pending" | "accepted" | "revoked" | "expired" | "void";
            message: string;
            /** @description The id of whoever has sent it last. */
            invited_by: string;
            inviter_name: string;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When its newest link was made; earlier ones are no good.
             */
            sent_at: string;
            /** Format: date-time */
            expires_at: string;
            /** @description The link, told this once, to be handed on; null when it was sent by mail instead. */
            accept_url: string | null;
        };
        /** @description `samples`: how many were taken in this time, and in how many of them the source was `up`. */
        SeriesReply: {
            data_source_id: number;
            time_range: string;
            /** Format: date-time */
            start: string;
            /** Format: date-time */
            end: string;
            step_seconds: number;
            samples: number;
            up: number;
            series: components["schemas"]["ChartLine"][];
        };
        /** @description A document in which somebody is now; its id is the document's. */
        Session: {
            id: string;
            workspace_id: string;
            document_id: string;
            participants: components["schemas"]["Participant"][];
            /**
             * @description `editing` when somebody who is here has edited within the last 60 seconds.
             * @enum {string}
             */
            activity_type: "editing" | "viewing";
            /**
             * Format: date-time
             * @description Since when somebody who is here now has been here.
             */
            started_at: string;
            /** Format: date-time */
            last_activity: string;
        };
        /** @description `token` is for clients that cannot keep cookies; browsers got a cookie with this answer. */
        SessionReply: {
            token: string;
            user: components["schemas"]["User"];
            /** Format: date-time */
            expires_at: string;
        };
        SetupRequest: {
            token: string;
            email: string;
            name: string;
            password: string;
        };
        /** @description A document's head, with its text as it was at `content_position` of the log. */
        SharedDocument: {
            id: string;
            workspace_id: string;
            title: string;
            /** @enum {string} */
            type: "report" | "analysis" | "dashboard" | "workflow" | "policy";
            /** @description The text, or null: then `content_unavailable` says why. */
            content: unknown;
            content_unavailable: string | null;
            /** @description The version that `content` shows; null without content. */
            content_position: number | null;
            /**
             * @description Is `content` the document as it is now, or as it was, or not all of it, or unreadable?
             * @enum {string}
             */
            content_state: "current" | "stale" | "partial" | "unreadable";
            /** @description When the state is partial or unreadable. */
            content_trouble: components["schemas"]["ContentTrouble"] | null;
            /** @description The number of committed updates. */
            version: number;
            /** @description Another one once the document was brought back from a backup. */
            incarnation: string;
            author_id: string | null;
            /** @description Everybody whose updates are in it. */
            collaborators: string[];
            /** @default [] */
            comments: unknown[];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            last_edited_by: string | null;
            deleted_at: string | null;
        };
        /** @description For who has no account: it is made for the address of the invitation. */
        SignUp: {
            token: string;
            name: string;
            password: string;
        };
        /** @description A silence; `ended_at`: ended before its time. */
        Silence: {
            id: string;
            matchers: {
                [key: string]: unknown;
            }[];
            comment: string;
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            ends_at: string;
            alert_id: number | null;
            ended_at: string | null;
            created_by: string;
            /** Format: date-time */
            created_at: string;
        };
        /**
         * @description samples      taken, of `expected` at today's interval
         *     availability   per cent of the samples in which it answered; None without a sample
         */
        SourceCoverage: {
            data_source_id: number;
            data_source_name: string;
            samples: number;
            expected: number;
            coverage: number;
            availability: number | null;
            alerts: number;
        };
        /** @description The state that sampling has found last. */
        SourceHealth: {
            id: number;
            /** @enum {string} */
            status: "active" | "inactive" | "error" | "pending" | "syncing" | "maintenance";
            status_reason: string | null;
            /** Format: date-time */
            status_at: string;
            health_score: number | null;
            unknown: {
                [key: string]: string;
            };
        };
        /**
         * @description What only some types have.
         *
         *     exporter_url      a node exporter (or any address with Prometheus text) of the machine: CPU, memory and disk
         *     ca                certificates (PEM) that its TLS certificate may come from, in place of the machine's
         *     expect_status     `http`: statuses that are good; any below 400 if none is named
         *     expect_text       `http`: what the answer must contain
         *     prometheus        `http`: figures from the Prometheus text that it answers with
         *     disk              `host`: the folder whose file system is meant; the root if none is named
         */
        SourceOptions: {
            exporter_url?: string | null;
            ca?: string | null;
            expect_status?: number[] | null;
            expect_text?: string | null;
            prometheus?: components["schemas"]["ScrapedFigure"][] | null;
            disk?: string | null;
        };
        /** @description Of the last 24 hours, from the stored rollups; null where there are none. */
        SourceStats: {
            id: number;
            window_hours: number;
            samples: number;
            uptime_percentage: number | null;
            /** @description ms */
            avg_response_time: number | null;
            /** @description ms */
            max_response_time: number | null;
            unknown: {
                [key: string]: string;
            };
        };
        /**
         * @description data_source_ids    none: every source of the organisation
         *     metrics            none: all that each source can deliver
         *     interval           seconds between two samples
         */
        StartMonitoring: {
            data_source_ids?: number[] | null;
            metrics?: string[] | null;
            /** @default 15 */
            interval?: number;
        };
        StatusReply: {
            needs_setup: boolean;
            open_mode: boolean;
            version: string;
        };
        /**
         * @description Who is told when nobody has acknowledged it after so many minutes since it began.
         *
         *     In the inbox always, and by `channels`: none named means by all that each of them wants. What is critical goes by
         *     the channels at once, whatever they want and in quiet hours too.
         */
        Step: {
            /** @default 0 */
            after_minutes?: number;
            notify: components["schemas"]["Recipients"];
            /** @default [] */
            channels?: ("push" | "email" | "chat")[];
            /**
             * @description So many times more, `every_minutes`.
             * @default 0
             */
            repeat?: number;
            /** @default 5 */
            every_minutes?: number;
        };
        StopMonitoring: {
            data_source_id: number;
        };
        /** @description Where a channel's stream was before the answer was read: whoever follows it from there has missed nothing. */
        StreamPlace: {
            channel: string;
            epoch: string;
            offset: number;
        };
        /** @description Of what in a document he is told. */
        Subscription: {
            /**
             * @default mentions
             * @enum {string}
             */
            level?: "all" | "mentions" | "none";
        };
        /** @description Both in base64url; other keys are passed over. */
        SubscriptionKeys: {
            /** @description The browser's public key: 65 bytes, a point of P-256. */
            p256dh: string;
            /** @description The secret that it shares with this server: 16 bytes. */
            auth: string;
        };
        /**
         * @description overall_score        weighted mean of what was measured; null before the first measurement
         *     coverage             per cent of the weights that were measured
         *     uptime               seconds since this node began
         *     performance_summary  of this node: its requests in the last ten seconds, its machine; what is absent is not known
         *     alerts               live ones, by severity
         */
        SystemReport: {
            overall_score: number | null;
            score: number | null;
            /** @enum {string} */
            overall: "healthy" | "warning" | "critical" | "unknown";
            /** @enum {string} */
            status: "healthy" | "warning" | "critical" | "unknown";
            coverage: number;
            components: components["schemas"]["Component"][];
            last_updated: string | null;
            uptime: number;
            performance_summary: {
                [key: string]: number;
            };
            alerts: {
                [key: string]: number;
            };
            node: string;
        };
        /**
         * @description Where a thread stands: what the editor made of its selection, as Yjs's encodeRelativePosition (base64) or
         *     relativePositionToJSON have it. Without an `end` it is a point.
         */
        TextRange: {
            /** @description Where it begins. */
            start: components["schemas"]["JsonValue"];
            /** @description Where it ends. */
            end?: components["schemas"]["JsonValue"];
        };
        /** @description A threshold. */
        Threshold: {
            id: number;
            metric_name: string;
            data_source_id: number | null;
            operator: string;
            warning_threshold: number;
            critical_threshold: number;
            enabled: boolean;
            version: number;
            conditions: components["schemas"]["Condition"][];
            labels: {
                [key: string]: string;
            };
            created_by: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What is not given stays. `version`: the one that you have seen. */
        ThresholdChanges: {
            version?: number | null;
            warning_threshold?: number | null;
            critical_threshold?: number | null;
            conditions?: components["schemas"]["Condition"][] | null;
            labels?: {
                [key: string]: string;
            } | null;
            enabled?: boolean | null;
        };
        TicketReply: {
            ticket: string;
            /** Format: date-time */
            expires_at: string;
        };
        TicketRequest: {
            /** @description The only document (id or external name) that the ticket shall open. */
            document?: string | null;
        };
        /** @description The mean of a step. */
        TimePoint: {
            /** Format: date-time */
            timestamp: string;
            value: number;
        };
        Token: {
            id: string;
            name: string;
            scopes: components["schemas"]["Scope"][];
            /** Format: date-time */
            created_at: string;
            /** @description To within some minutes. */
            last_used_at: string | null;
            expires_at: string | null;
        };
        /** @description The one time that the token itself is told. */
        TokenReply: {
            id: string;
            name: string;
            scopes: components["schemas"]["Scope"][];
            /** Format: date-time */
            created_at: string;
            /** @description To within some minutes. */
            last_used_at: string | null;
            expires_at: string | null;
            token: string;
        };
        /** @description Somebody who was told by the call of this number. */
        Told: {
            call: number;
            user_id: string;
            name: string;
            /** Format: date-time */
            at: string;
        };
        /**
         * @description Where a metric of a source goes.
         *
         *     change_per_day   of the line through it, None where there is too little to say
         *     chance           how likely so clear an order is by chance
         *     reason           why there is no forecast
         */
        Trend: {
            data_source_id: number;
            metric_name: string;
            title: string;
            unit: string;
            time_range: string;
            step_seconds: number;
            time_series: components["schemas"]["TimePoint"][];
            /** @enum {string} */
            trend_direction: "increasing" | "decreasing" | "stable" | "volatile";
            change_per_day: number | null;
            chance: number | null;
            forecast: components["schemas"]["ForecastPoint"][];
            anomalies: components["schemas"]["Anomaly"][];
            seasonality: components["schemas"]["Seasonality"];
            crossings: components["schemas"]["TrendCrossing"][];
            reason: string | null;
        };
        /** @description When the forecast comes to a threshold: `expected` by its middle, `earliest` by its band. */
        TrendCrossing: {
            threshold_id: number;
            /** @enum {string} */
            level: "warning" | "critical";
            value: number;
            expected: string | null;
            /** Format: date-time */
            earliest: string;
        };
        TrendOf: {
            /** @enum {string} */
            direction: "increasing" | "decreasing" | "stable" | "unknown";
            value: number | null;
            previous_value: number | null;
            change_percentage: number | null;
        };
        TypeCount: {
            type: string;
            count: number;
        };
        Unavailable: {
            metric: string;
            reason: string;
        };
        /** @description A node that did not answer: what is told is told without it. */
        UnknownNode: {
            /** @description Its name. */
            node: string;
            reason: string;
        };
        /** @description A user of the caller's organisation. `managed_by`: who signs the user in, this server or an application. */
        User: {
            id: string;
            email: string | null;
            name: string;
            role: components["schemas"]["OrganisationRole"];
            active: boolean;
            /** @enum {string} */
            managed_by: "counterpoint" | "application";
            organisation: components["schemas"]["Organisation"];
            /** Format: date-time */
            created_at: string;
            last_seen_at: string | null;
        };
        /** @description Only the fields that are there change. */
        UserChanges: {
            role?: components["schemas"]["OrganisationRole"] | null;
            active?: boolean | null;
            name?: string | null;
            password?: string | null;
        };
        UserCount: {
            user_id: string | null;
            name: string | null;
            count: number;
        };
        /** @description `former_secret_until`: until then deliveries are signed with the former secret too. */
        Webhook: {
            id: string;
            url: string;
            description: string;
            types: string[];
            workspace_id: string | null;
            owner_id: string;
            enabled: boolean;
            disabled_at: string | null;
            disabled_why: string | null;
            former_secret_until: string | null;
            delivered_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What is not given stays. */
        WebhookChanges: {
            url?: string | null;
            types?: string[] | null;
            description?: string | null;
            enabled?: boolean | null;
        };
        /** @description `withheld`: whom the webhook rests on may not see the event any more, so it is not sent. */
        WebhookDelivery: {
            id: string;
            event_id: string;
            event_type: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed" | "withheld";
            replay: number;
            /** Format: date-time */
            created_at: string;
            next_try_at: string | null;
            ended_at: string | null;
            attempts: components["schemas"]["DeliveryAttempt"][];
        };
        /** @description The only answer that has the secret in it. */
        WebhookWithSecret: {
            id: string;
            url: string;
            description: string;
            types: string[];
            workspace_id: string | null;
            owner_id: string;
            enabled: boolean;
            disabled_at: string | null;
            disabled_why: string | null;
            former_secret_until: string | null;
            delivered_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            secret: string;
        };
        Workspace: {
            id: string;
            name: string;
            description: string;
            /** @enum {string} */
            type: "data_analysis" | "data_governance" | "compliance" | "security";
            owner_id: string;
            members: components["schemas"]["Member"][];
            documents: components["schemas"]["SharedDocument"][];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** Format: date-time */
            last_activity: string;
            permissions: components["schemas"]["WorkspacePermissions"];
            settings: components["schemas"]["WorkspaceSettings"];
            /** @description Its channel, where that was before this was read. */
            stream: components["schemas"]["StreamPlace"] | null;
        };
        /** @description Only the fields that are there change. */
        WorkspaceChanges: {
            name?: string | null;
            type?: ("data_analysis" | "data_governance" | "compliance" | "security") | null;
            description?: string | null;
            settings?: components["schemas"]["WorkspaceSettings"] | null;
        };
        /** @description What the caller may do here. */
        WorkspacePermissions: {
            can_edit: boolean;
            can_comment: boolean;
            can_invite: boolean;
            can_manage: boolean;
        };
        /** @description How a workspace treats its members. */
        WorkspaceSettings: {
            /**
             * @description The role of a new member when none is named.
             * @default editor
             * @enum {string}
             */
            default_role?: "admin" | "editor" | "viewer";
            /** @description How long activity is kept; null keeps all of it. */
            retention_days?: number | null;
            /**
             * @description Members are notified of what happens here.
             * @default true
             */
            notify?: boolean;
        };
        /** @description Every error has this body. */
        ErrorBody: {
            /** @description One sentence for a person. */
            message: string;
            /** @description One word for a program, such as `not_found`. */
            code: string;
            /**
             * @description One entry for each field that is wrong.
             * @default []
             */
            details?: components["schemas"]["ErrorDetail"][];
            /**
             * @description Finds the request in the server's log.
             * @default null
             */
            request_id?: string | null;
        };
        /** @description What is wrong with one field. */
        ErrorDetail: {
            /** @description Where: a field, a parameter or a header. */
            field: string;
            /** @description What is wrong with it. */
            issue: string;
            /**
             * @description What was sent, where that is no secret.
             * @default null
             */
            given?: unknown;
        };
        AddOperation: {
            /** @description A JSON pointer (RFC 6901) into the content as GET shows it. */
            path: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "add";
            value: components["schemas"]["JsonValue"];
        };
        CopyOperation: {
            /** @description A JSON pointer (RFC 6901) into the content as GET shows it. */
            path: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "copy";
            /** @description A JSON pointer to what is taken. */
            from: string;
        };
        MoveOperation: {
            /** @description A JSON pointer (RFC 6901) into the content as GET shows it. */
            path: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "move";
            /** @description A JSON pointer to what is taken. */
            from: string;
        };
        RemoveOperation: {
            /** @description A JSON pointer (RFC 6901) into the content as GET shows it. */
            path: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "remove";
        };
        ReplaceOperation: {
            /** @description A JSON pointer (RFC 6901) into the content as GET shows it. */
            path: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "replace";
            value: components["schemas"]["JsonValue"];
        };
        /** @description Changes a part of a text; offsets count UTF-16 units, as JavaScript and Yjs do. */
        SpliceOperation: {
            /** @description A JSON pointer (RFC 6901) into the content as GET shows it. */
            path: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "splice";
            /** @description Where in the text. */
            index: number;
            /**
             * @description How many units are deleted there.
             * @default 0
             */
            delete?: number;
            /**
             * @description What is inserted in their place.
             * @default
             */
            insert?: string;
        };
        /** @description Nothing at all is done unless this value stands there. */
        TestOperation: {
            /** @description A JSON pointer (RFC 6901) into the content as GET shows it. */
            path: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "test";
            value: components["schemas"]["JsonValue"];
        };
    };
    responses: {
        /** @description Refused, with the reason. */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Not done; it can be tried again. */
        NotDone: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AcceptInvitation = components['schemas']['AcceptInvitation'];
export type AcceptedInvitation = components['schemas']['AcceptedInvitation'];
export type Acknowledge = components['schemas']['Acknowledge'];
export type ActionState = components['schemas']['ActionState'];
export type Activity = components['schemas']['Activity'];
export type ActivityActor = components['schemas']['ActivityActor'];
export type ActivityItem = components['schemas']['ActivityItem'];
export type ActivityState = components['schemas']['ActivityState'];
export type ActivityStats = components['schemas']['ActivityStats'];
export type ActivityTarget = components['schemas']['ActivityTarget'];
export type AdminCheck = components['schemas']['AdminCheck'];
export type AdminConnection = components['schemas']['AdminConnection'];
export type AdminConnections = components['schemas']['AdminConnections'];
export type AdminHealth = components['schemas']['AdminHealth'];
export type AdminNode = components['schemas']['AdminNode'];
export type AdminPerson = components['schemas']['AdminPerson'];
export type AdminQuarantine = components['schemas']['AdminQuarantine'];
export type AdminQuarantined = components['schemas']['AdminQuarantined'];
export type AdminRoom = components['schemas']['AdminRoom'];
export type AdminRooms = components['schemas']['AdminRooms'];
export type AdminSnapshot = components['schemas']['AdminSnapshot'];
export type AlertEntry = components['schemas']['AlertEntry'];
export type AlertHistory = components['schemas']['AlertHistory'];
export type Anchor = components['schemas']['Anchor'];
export type Anomaly = components['schemas']['Anomaly'];
export type Branch = components['schemas']['Branch'];
export type Capabilities = components['schemas']['Capabilities'];
export type ChartLine = components['schemas']['ChartLine'];
export type Chat = components['schemas']['Chat'];
export type ChatAddress = components['schemas']['ChatAddress'];
export type ChatService = components['schemas']['ChatService'];
export type Choice = components['schemas']['Choice'];
export type Comment = components['schemas']['Comment'];
export type CommentChanges = components['schemas']['CommentChanges'];
export type Component = components['schemas']['Component'];
export type Condition = components['schemas']['Condition'];
export type ConnectionTest = components['schemas']['ConnectionTest'];
export type ContentEdited = components['schemas']['ContentEdited'];
export type ContentTrouble = components['schemas']['ContentTrouble'];
export type CountsState = components['schemas']['CountsState'];
export type DataSource = components['schemas']['DataSource'];
export type DataSourceChanges = components['schemas']['DataSourceChanges'];
export type DayCount = components['schemas']['DayCount'];
export type DeliveryAttempt = components['schemas']['DeliveryAttempt'];
export type Dismiss = components['schemas']['Dismiss'];
export type DocumentChanges = components['schemas']['DocumentChanges'];
export type DocumentContent = components['schemas']['DocumentContent'];
export type EnvelopeActivity = components['schemas']['Envelope_Activity_'];
export type EnvelopeAdminConnections = components['schemas']['Envelope_AdminConnections_'];
export type EnvelopeAdminHealth = components['schemas']['Envelope_AdminHealth_'];
export type EnvelopeAdminQuarantine = components['schemas']['Envelope_AdminQuarantine_'];
export type EnvelopeAdminRooms = components['schemas']['Envelope_AdminRooms_'];
export type EnvelopeAdminSnapshot = components['schemas']['Envelope_AdminSnapshot_'];
export type EnvelopeAlertHistory = components['schemas']['Envelope_AlertHistory_'];
export type EnvelopeBranch = components['schemas']['Envelope_Branch_'];
export type EnvelopeChatAddress = components['schemas']['Envelope_ChatAddress_'];
export type EnvelopeChat = components['schemas']['Envelope_Chat_'];
export type EnvelopeComment = components['schemas']['Envelope_Comment_'];
export type EnvelopeContentEdited = components['schemas']['Envelope_ContentEdited_'];
export type EnvelopeCountsState = components['schemas']['Envelope_CountsState_'];
export type EnvelopeDocumentContent = components['schemas']['Envelope_DocumentContent_'];
export type EnvelopeEscalationState = components['schemas']['Envelope_EscalationState_'];
export type EnvelopeEscalation = components['schemas']['Envelope_Escalation_'];
export type EnvelopeInbox = components['schemas']['Envelope_Inbox_'];
export type EnvelopeMember = components['schemas']['Envelope_Member_'];
export type EnvelopeMergedBranch = components['schemas']['Envelope_MergedBranch_'];
export type EnvelopeMonitoringStarted = components['schemas']['Envelope_MonitoringStarted_'];
export type EnvelopeMonitoringStopped = components['schemas']['Envelope_MonitoringStopped_'];
export type EnvelopeNotificationState = components['schemas']['Envelope_NotificationState_'];
export type EnvelopePerfAlert = components['schemas']['Envelope_PerfAlert_'];
export type EnvelopePerfReport = components['schemas']['Envelope_PerfReport_'];
export type EnvelopePolicy = components['schemas']['Envelope_Policy_'];
export type EnvelopePreferences = components['schemas']['Envelope_Preferences_'];
export type EnvelopePushDevice = components['schemas']['Envelope_PushDevice_'];
export type EnvelopePush = components['schemas']['Envelope_Push_'];
export type EnvelopeRecommendation = components['schemas']['Envelope_Recommendation_'];
export type EnvelopeSampleTaken = components['schemas']['Envelope_SampleTaken_'];
export type EnvelopeSentInvitation = components['schemas']['Envelope_SentInvitation_'];
export type EnvelopeSeriesReply = components['schemas']['Envelope_SeriesReply_'];
export type EnvelopeSharedDocument = components['schemas']['Envelope_SharedDocument_'];
export type EnvelopeSilence = components['schemas']['Envelope_Silence_'];
export type EnvelopeSubscription = components['schemas']['Envelope_Subscription_'];
export type EnvelopeSystemReport = components['schemas']['Envelope_SystemReport_'];
export type EnvelopeThreshold = components['schemas']['Envelope_Threshold_'];
export type EnvelopeWebhookDelivery = components['schemas']['Envelope_WebhookDelivery_'];
export type EnvelopeWebhookWithSecret = components['schemas']['Envelope_WebhookWithSecret_'];
export type EnvelopeWebhook = components['schemas']['Envelope_Webhook_'];
export type EnvelopeWorkspace = components['schemas']['Envelope_Workspace_'];
export type EnvelopeListAdminNode = components['schemas']['Envelope_list_AdminNode__'];
export type EnvelopeListBranch = components['schemas']['Envelope_list_Branch__'];
export type EnvelopeListComment = components['schemas']['Envelope_list_Comment__'];
export type EnvelopeListEscalationState = components['schemas']['Envelope_list_EscalationState__'];
export type EnvelopeListInvitation = components['schemas']['Envelope_list_Invitation__'];
export type EnvelopeListMember = components['schemas']['Envelope_list_Member__'];
export type EnvelopeListMonitor = components['schemas']['Envelope_list_Monitor__'];
export type EnvelopeListPerfAlert = components['schemas']['Envelope_list_PerfAlert__'];
export type EnvelopeListPolicy = components['schemas']['Envelope_list_Policy__'];
export type EnvelopeListPushDevice = components['schemas']['Envelope_list_PushDevice__'];
export type EnvelopeListRecommendation = components['schemas']['Envelope_list_Recommendation__'];
export type EnvelopeListSession = components['schemas']['Envelope_list_Session__'];
export type EnvelopeListSharedDocument = components['schemas']['Envelope_list_SharedDocument__'];
export type EnvelopeListSilence = components['schemas']['Envelope_list_Silence__'];
export type EnvelopeListThreshold = components['schemas']['Envelope_list_Threshold__'];
export type EnvelopeListTrend = components['schemas']['Envelope_list_Trend__'];
export type EnvelopeListUnionLiteralInAppLiteralPushEmailChat = components['schemas']['Envelope_list_Union_Literal__in_app____Literal__push____email____chat_____'];
export type EnvelopeListWebhookDelivery = components['schemas']['Envelope_list_WebhookDelivery__'];
export type EnvelopeListWebhook = components['schemas']['Envelope_list_Webhook__'];
export type EnvelopeListWorkspace = components['schemas']['Envelope_list_Workspace__'];
export type Escalation = components['schemas']['Escalation'];
export type EscalationState = components['schemas']['EscalationState'];
export type ForecastPoint = components['schemas']['ForecastPoint'];
export type Group = components['schemas']['Group'];
export type GroupInput = components['schemas']['GroupInput'];
export type GroupMember = components['schemas']['GroupMember'];
export type Inbox = components['schemas']['Inbox'];
export type Invitation = components['schemas']['Invitation'];
export type JsonValue = components['schemas']['JsonValue'];
export type KickRequest = components['schemas']['KickRequest'];
export type LoginRequest = components['schemas']['LoginRequest'];
export type Matcher = components['schemas']['Matcher'];
export type Member = components['schemas']['Member'];
export type Mention = components['schemas']['Mention'];
export type MergedBranch = components['schemas']['MergedBranch'];
export type MetricCapability = components['schemas']['MetricCapability'];
export type MetricFigure = components['schemas']['MetricFigure'];
export type MetricSummary = components['schemas']['MetricSummary'];
export type MetricsData = components['schemas']['MetricsData'];
export type MetricsReply = components['schemas']['MetricsReply'];
export type Monitor = components['schemas']['Monitor'];
export type MonitoringStarted = components['schemas']['MonitoringStarted'];
export type MonitoringStopped = components['schemas']['MonitoringStopped'];
export type NewChatAddress = components['schemas']['NewChatAddress'];
export type NewComment = components['schemas']['NewComment'];
export type NewDataSource = components['schemas']['NewDataSource'];
export type NewDocument = components['schemas']['NewDocument'];
export type NewEscalation = components['schemas']['NewEscalation'];
export type NewInvitation = components['schemas']['NewInvitation'];
export type NewMember = components['schemas']['NewMember'];
export type NewPolicy = components['schemas']['NewPolicy'];
export type NewReaction = components['schemas']['NewReaction'];
export type NewSilence = components['schemas']['NewSilence'];
export type NewSubscription = components['schemas']['NewSubscription'];
export type NewThreshold = components['schemas']['NewThreshold'];
export type NewTokenRequest = components['schemas']['NewTokenRequest'];
export type NewUserRequest = components['schemas']['NewUserRequest'];
export type NewWebhook = components['schemas']['NewWebhook'];
export type NewWorkspace = components['schemas']['NewWorkspace'];
export type NotificationState = components['schemas']['NotificationState'];
export type OpenInvitation = components['schemas']['OpenInvitation'];
export type Organisation = components['schemas']['Organisation'];
export type OrganisationRole = components['schemas']['OrganisationRole'];
export type Participant = components['schemas']['Participant'];
export type PasswordChange = components['schemas']['PasswordChange'];
export type PerfAlert = components['schemas']['PerfAlert'];
export type PerfReport = components['schemas']['PerfReport'];
export type Permission = components['schemas']['Permission'];
export type PermissionsReply = components['schemas']['PermissionsReply'];
export type PersonState = components['schemas']['PersonState'];
export type Place = components['schemas']['Place'];
export type Policy = components['schemas']['Policy'];
export type PolicyChanges = components['schemas']['PolicyChanges'];
export type Position = components['schemas']['Position'];
export type PostableAlert = components['schemas']['PostableAlert'];
export type Preferences = components['schemas']['Preferences'];
export type Push = components['schemas']['Push'];
export type PushDevice = components['schemas']['PushDevice'];
export type PushedSample = components['schemas']['PushedSample'];
export type QuietHours = components['schemas']['QuietHours'];
export type Reaction = components['schemas']['Reaction'];
export type Reactor = components['schemas']['Reactor'];
export type ReceivedInvitation = components['schemas']['ReceivedInvitation'];
export type Recipients = components['schemas']['Recipients'];
export type Recommendation = components['schemas']['Recommendation'];
export type Resolve = components['schemas']['Resolve'];
export type RoleChange = components['schemas']['RoleChange'];
export type RoomHere = components['schemas']['RoomHere'];
export type Rotation = components['schemas']['Rotation'];
export type SampleTaken = components['schemas']['SampleTaken'];
export type Scope = components['schemas']['Scope'];
export type ScrapedFigure = components['schemas']['ScrapedFigure'];
export type Seasonality = components['schemas']['Seasonality'];
export type SentInvitation = components['schemas']['SentInvitation'];
export type SeriesReply = components['schemas']['SeriesReply'];
export type Session = components['schemas']['Session'];
export type SessionReply = components['schemas']['SessionReply'];
export type SetupRequest = components['schemas']['SetupRequest'];
export type SharedDocument = components['schemas']['SharedDocument'];
export type SignUp = components['schemas']['SignUp'];
export type Silence = components['schemas']['Silence'];
export type SourceCoverage = components['schemas']['SourceCoverage'];
export type SourceHealth = components['schemas']['SourceHealth'];
export type SourceOptions = components['schemas']['SourceOptions'];
export type SourceStats = components['schemas']['SourceStats'];
export type StartMonitoring = components['schemas']['StartMonitoring'];
export type StatusReply = components['schemas']['StatusReply'];
export type Step = components['schemas']['Step'];
export type StopMonitoring = components['schemas']['StopMonitoring'];
export type StreamPlace = components['schemas']['StreamPlace'];
export type Subscription = components['schemas']['Subscription'];
export type SubscriptionKeys = components['schemas']['SubscriptionKeys'];
export type SystemReport = components['schemas']['SystemReport'];
export type TextRange = components['schemas']['TextRange'];
export type Threshold = components['schemas']['Threshold'];
export type ThresholdChanges = components['schemas']['ThresholdChanges'];
export type TicketReply = components['schemas']['TicketReply'];
export type TicketRequest = components['schemas']['TicketRequest'];
export type TimePoint = components['schemas']['TimePoint'];
export type Token = components['schemas']['Token'];
export type TokenReply = components['schemas']['TokenReply'];
export type Told = components['schemas']['Told'];
export type Trend = components['schemas']['Trend'];
export type TrendCrossing = components['schemas']['TrendCrossing'];
export type TrendOf = components['schemas']['TrendOf'];
export type TypeCount = components['schemas']['TypeCount'];
export type Unavailable = components['schemas']['Unavailable'];
export type UnknownNode = components['schemas']['UnknownNode'];
export type User = components['schemas']['User'];
export type UserChanges = components['schemas']['UserChanges'];
export type UserCount = components['schemas']['UserCount'];
export type Webhook = components['schemas']['Webhook'];
export type WebhookChanges = components['schemas']['WebhookChanges'];
export type WebhookDelivery = components['schemas']['WebhookDelivery'];
export type WebhookWithSecret = components['schemas']['WebhookWithSecret'];
export type Workspace = components['schemas']['Workspace'];
export type WorkspaceChanges = components['schemas']['WorkspaceChanges'];
export type WorkspacePermissions = components['schemas']['WorkspacePermissions'];
export type WorkspaceSettings = components['schemas']['WorkspaceSettings'];
export type ErrorBody = components['schemas']['ErrorBody'];
export type ErrorDetail = components['schemas']['ErrorDetail'];
export type AddOperation = components['schemas']['AddOperation'];
export type CopyOperation = components['schemas']['CopyOperation'];
export type MoveOperation = components['schemas']['MoveOperation'];
export type RemoveOperation = components['schemas']['RemoveOperation'];
export type ReplaceOperation = components['schemas']['ReplaceOperation'];
export type SpliceOperation = components['schemas']['SpliceOperation'];
export type TestOperation = components['schemas']['TestOperation'];
export type ResponseRefused = components['responses']['Refused'];
export type ResponseNotDone = components['responses']['NotDone'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
