/** The key to the Admin API of a gateway under test: on loopback, for as long as a trial lasts. */
export const adminKey = 'admin-key-of-the-trial-0123456789';
