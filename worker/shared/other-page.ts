/** Pages of up to contract 2 sent the password itself. They show a failure of any kind together with its detail. */
export const OTHER_PAGE = "this page is of another release; load it again, then sign in";
