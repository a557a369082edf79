/** Common enough to read like a ward list; nobody is meant. */
export const familyNames: readonly string[] =
  "Abbott Achebe Adeyemi Ahmed Akhtar Allen Anand Bailey Banerjee Barker Begum Bennett Bianchi Brooks Burke Byrne Chan Chaudhry Clarke Collins Cooper Costa Davies Desai Dixon Doyle Edwards Evans Farrell Fernandes Fletcher Foster Gallagher Garcia Gill Graham Green Griffiths Hale Hall Harris Hassan Hollis Hughes Hussain Ivanova Jackson James Johnson Jones Kaur Kelly Khan King Kowalska Kumar Lam Lewis Lloyd Mahmood Malik Marsh Martin Mensah Mitchell Moore Morgan Morris Murphy Nair Newton Nguyen Novak Nwosu Okafor Okoro Oliver Osei Owen Palmer Parker Patel Pearson Perera Phillips Popescu Powell Price Quinn Rahman Rao Reid Richards Roberts Rose Russell Santos Shah Sharma Silva Singh Smith Stewart Suleiman Sutton Taylor Thomas Turner Usman Walker Walsh Ward Watson White Williams Wilson Wood Wright Yeung Young Zaman".split(
    " ",
  );
export const givenNames = {
  female:
    "Aisha Alice Amara Anna Beatrice Brenda Caroline Chidinma Dorothy Edith Elaine Eleanor Farah Fatima Grace Hannah Helen Irene Ivy Jane Joan Kathleen Laura Leila Margaret Maria Mary Maureen Meera Nadia Nora Olivia Pamela Patricia Priya Rose Ruth Sandra Shirley Sofia Susan Vera Winifred Yasmin Zoe".split(
      " ",
    ),
  male: "Adam Ahmed Alan Albert Arthur Brian Chukwudi Colin Daniel David Dennis Derek Edward Ernest Francis Frank George Harold Harry Ibrahim James John Joseph Keith Kevin Leonard Luke Malcolm Michael Mohammed Norman Oliver Patrick Paul Peter Rajesh Raymond Reginald Robert Ronald Samuel Stanley Thomas Victor Walter William".split(
    " ",
  ),
} as const;
