/** A refusal of the Admin API: what the client gets to read. */
export class AdminError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  get body(): object {
    return { error_msg: this.message };
  }
}

/** In the words of etcd, which APISIX passes on. */
export class KeyNotFound extends AdminError {
  constructor() {
    super(404, 'Key not found');
  }

  override get body(): object {
    return { message: this.message };
  }
}
